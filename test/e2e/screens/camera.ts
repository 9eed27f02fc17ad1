import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ask } from '../harness/ask.ts';
import { projectFolder } from '../harness/environment.ts';
import { findBarriers, findUglyPlaces } from './find-faults.ts';

const THEMES = ['light', 'dark'] as const;
const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const;
/** Of a long screen so many windowfuls are taken. */
const MOST_PAGES = 6;
/** Pictures are for people: without the variable only faults are looked for. */
const TAKES_PICTURES = process.env.DPRUNER_PICTURES === '1';

type Resize = (width: number, height: number) => Promise<void>;

/** Looks at the window in both themes and sizes and says what is wrong with what it sees; takes pictures where they are wanted. */
export class Camera {
  readonly #page: Page;
  readonly #folder: string;
  readonly #resize: Resize;

  /** @param album the folder below test-results */
  constructor(page: Page, album: string, resize: Resize) {
    this.#page = page;
    this.#folder = join(projectFolder, 'test-results', album);
    this.#resize = resize;
    if (TAKES_PICTURES) mkdirSync(this.#folder, { recursive: true });
  }

  /**
   * @param themes fewer for what does not stand still for long
   * @returns faults, a line each
   */
  async take(name: string, themes: readonly (typeof THEMES)[number][] = THEMES): Promise<string[]> {
    const page = this.#page;
    const faults: string[] = [];
    for (const theme of themes) {
      await this.#dress(theme);
      for (const [width, height] of SIZES) {
        await this.#resize(width, height);
        await page.waitForFunction(
          ([width, height]) => window.innerWidth === width && window.innerHeight === height,
          [width, height] as const,
        );
        await settle(page);
        const place = `${name}, ${theme}, ${width} × ${height}`;
        faults.push(...(await findUglyPlaces(page)).map((fault) => `${place}: ${fault}`));
        if (TAKES_PICTURES) await this.#shoot(`${name}-${theme}-${width}`);
      }
      faults.push(...(await findBarriers(page)).map((fault) => `${name}, ${theme}: ${fault}`));
    }
    return faults;
  }

  /** The window, and what is below its lower edge. */
  async #shoot(name: string): Promise<void> {
    const page = this.#page;
    await page.evaluate(scrollToTop);
    for (let number = 1; number <= MOST_PAGES; number++) {
      const file = number === 1 ? `${name}.png` : `${name}-${number}.png`;
      await page.screenshot({ path: join(this.#folder, file) });
      const isAtEnd = await page.evaluate(() => {
        const main = document.querySelector('main');
        if (main === null || document.querySelector('[role=dialog]') !== null) return true;
        const before = main.scrollTop;
        main.scrollTop += main.clientHeight - 80;
        return main.scrollTop === before;
      });
      if (isAtEnd) break;
    }
    await page.evaluate(scrollToTop);
  }

  async #dress(theme: (typeof THEMES)[number]): Promise<void> {
    await ask(this.#page, 'settings.change', { theme });
    await this.#page.waitForFunction(
      (theme) => getComputedStyle(document.documentElement).colorScheme === theme,
      theme,
    );
  }
}

const scrollToTop = () => document.querySelector('main')?.scrollTo(0, 0);

/** Until nothing is waited for any more, fonts are there and what was measured is drawn. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('main [role=status] [role=progressbar]') === null,
    null,
    { timeout: 60_000 },
  );
  await page.evaluate(async () => {
    await document.fonts.ready;
    // Nothing is faded in or out any more.
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  });
  await page.waitForTimeout(250);
}
