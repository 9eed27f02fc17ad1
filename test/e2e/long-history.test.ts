import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHistory } from '../../src/history/open-history.ts';
import { addManyRuns } from '../history/many-runs.ts';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';

const RUNS = 10_000;
/** Generous, for machines that do much else meanwhile; bench/application.ts says how fast it is. */
const ANSWER_MS = 2000;
const MIDDLE_FRAME_MS = 100;
const LONG_FRAME_MS = 300;
const MOST_LONG_FRAMES = 0.2;
/** Words, and how many runs have them. */
const SEARCHES = [
  ['mistral 99', 93],
  ['ward 123', 20],
  ['llama 77', 91],
] as const;

describe.skipIf(!hasDesktop)('a history of 10,000 runs', () => {
  const home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-history-'));
  let application: Application;
  let page: Page;
  beforeAll(async () => {
    const data = join(home, 'data', 'd-pruner');
    const history = openHistory({
      file: join(data, 'history.sqlite'),
      backupFolder: join(data, 'backups'),
    });
    await addManyRuns(history, RUNS);
    history.close();
    application = await launchApplication({ home });
    page = application.page;
  });
  // Afresh, whatever the test before has searched for. A screen is there until the next one is drawn, and the first one lists runs too.
  beforeEach(async () => {
    for (const [screen, heading] of [
      ['Home', 'Prune a language model for your domain'],
      ['Runs', 'Runs'],
    ] as const) {
      await page.getByRole('link', { name: screen, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    }
    await row('Ward 9999').waitFor();
  });
  afterAll(async () => {
    await application?.close();
    rmSync(home, { recursive: true, force: true });
  });
  const row = (name: string) => page.getByRole('link', { name, exact: true });
  const count = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor();

  it('shows the newest page of all of them, and draws no more rows than can be seen', async () => {
    await count('10,000');
    const drawn = await page.getByRole('row').count();
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThanOrEqual(51);
  });

  it('is filtered at once by words and by status', async () => {
    const search = page.getByRole('searchbox', { name: 'Search runs' });
    const times: number[] = [];
    for (const [words, found] of SEARCHES) {
      await search.fill(words);
      times.push(await timeUntil(() => count(`${found} runs`)));
    }
    expect(middleOf(times)).toBeLessThan(ANSWER_MS);
    await page.getByRole('button', { name: 'Finished' }).click();
    await count('61 runs');
  });

  it('is turned over at once, and sorted from any page, down to the first run', async () => {
    const times: number[] = [];
    for (const first of ['Ward 9949', 'Ward 9899', 'Ward 9849']) {
      await page.getByRole('button', { name: 'Go to next page' }).click();
      times.push(await timeUntil(() => row(first).waitFor()));
    }
    expect(middleOf(times)).toBeLessThan(ANSWER_MS);
    await page.getByRole('columnheader', { name: 'Asked for' }).click();
    await row('Ward 0').waitFor();
    await page.getByRole('columnheader', { name: 'Asked for' }).click();
    await row('Ward 9999').waitFor();
  });

  it('scrolls without a pause', async () => {
    await page.getByRole('row').nth(5).hover();
    const frames = framesOf(page);
    for (let turn = 0; turn < 40; turn++) {
      await page.mouse.wheel(0, turn < 20 ? 120 : -120);
      await page.waitForTimeout(25);
    }
    const milliseconds = await frames;
    expect(middleOf(milliseconds)).toBeLessThan(MIDDLE_FRAME_MS);
    const long = milliseconds.filter((one) => one > LONG_FRAME_MS);
    expect(long.length / milliseconds.length).toBeLessThan(MOST_LONG_FRAMES);
  });

  async function timeUntil(happens: () => Promise<void>): Promise<number> {
    const startedAtMs = performance.now();
    await happens();
    return performance.now() - startedAtMs;
  }
});

const middleOf = (milliseconds: readonly number[]): number =>
  milliseconds.toSorted((a, b) => a - b)[Math.floor(milliseconds.length / 2)] ?? Number.NaN;

/** The time from each frame to the next, over the time that the scrolling takes. */
function framesOf(page: Page): Promise<number[]> {
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const frames: number[] = [];
        let last = performance.now();
        const end = last + 1000;
        const take = (now: number) => {
          frames.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(take);
          else resolve(frames);
        };
        requestAnimationFrame(take);
      }),
  );
}
