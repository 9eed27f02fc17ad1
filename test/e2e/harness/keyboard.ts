import type { Locator, Page } from 'playwright-core';

/** A long screen has so many places at which Tab stops. */
const MOST_TABS = 250;

/** The keyboard of the window, and nothing but that: what it cannot get to cannot be done with it. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes on with Tab (in a menu with an arrow) until this, or something in it, has the focus. @throws when it never gets it */
  async goTo(target: Locator, key: 'Tab' | 'ArrowDown' = 'Tab'): Promise<void> {
    await target.waitFor();
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      if (await holdsFocus(target)) return;
      await this.press(key);
    }
    throw new Error(`${MOST_TABS} times ${key}, and ${target} never had the focus.`);
  }

  /** Goes to a button or a link and presses Enter. */
  async choose(target: Locator): Promise<void> {
    await this.goTo(target);
    await this.press('Enter');
  }

  /** Goes to a check box and presses the space bar. */
  async tick(target: Locator): Promise<void> {
    await this.goTo(target);
    await this.press('Space');
  }

  /** Goes to a field and types over what is in it. */
  async fill(target: Locator, text: string): Promise<void> {
    await this.goTo(target);
    await this.press('Control+A');
    await this.#page.keyboard.type(text);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }
}

const holdsFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element.contains(document.activeElement));
