import type { Locator, Page } from 'playwright-core';

/** For what waits for the engine, which gives way to whatever else the computer is busy with. */
export const AT_WORK = { timeout: 600_000 };

export const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name });

/** A link at the left edge of the window. */
export const screenLink = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name });

export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    window.location.hash = path;
  }, path);
}

/** The text that the locator has once it is there, with plain blanks. */
export async function read(locator: Locator, options: { timeout?: number } = {}): Promise<string> {
  await locator.waitFor(options);
  return ((await locator.textContent()) ?? '').replaceAll('\u00a0', ' ');
}

export async function openRun(page: Page, { id, name }: { readonly id: number; readonly name: string }) {
  await goTo(page, `/runs/${id}`);
  await untilRunIsShown(page, name);
}

export const untilRunIsShown = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { name, exact: true }).waitFor();

/** What the screen of a run says once the run neither waits nor works: one message or two. */
export async function verdictOf(page: Page): Promise<string> {
  const alerts = page.getByRole('main').getByRole('alert').filter({ hasNotText: 'It starts by itself' });
  await alerts.first().waitFor(AT_WORK);
  return (await alerts.allTextContents()).join(' ').replaceAll('\u00a0', ' ');
}
