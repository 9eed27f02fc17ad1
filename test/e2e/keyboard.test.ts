import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './harness/ask.ts';
import { hasDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { AT_WORK } from './harness/window.ts';

describe.skipIf(!hasDesktop)('with the keyboard alone', () => {
  let application: Application;
  beforeAll(async () => {
    application = await launchApplication();
  });
  afterAll(() => application?.close());

  it('a person gets from the first screen through the wizard to a run, and gives it up', async () => {
    const { page } = application;
    await page.getByRole('button', { name: 'Run the demo' }).waitFor();
    await press(page, 'Go through its steps first');
    for (const title of ['Which model?', 'What is it for?', 'Which texts?']) {
      await page.getByRole('heading', { name: title }).waitFor();
      if (title === 'What is it for?') await changeSparsity(page);
      await press(page, 'Next');
    }
    await page.getByText(/^The run will take/).waitFor(AT_WORK);
    await press(page, 'Start the run');
    await page.getByRole('heading', { name: 'Demo: legal' }).waitFor();
    await press(page, 'Cancel run…');
    await page.getByRole('dialog').waitFor();
    await press(page, 'Cancel the run');
    const [run] = await eventually(
      async () => (await ask(page, 'runs.list', {})).runs,
      ([run]) => run?.status === 'cancelled',
    );
    expect(run?.sparsity).toBe(0.52);
  });
});

/** Goes on with Tab until the button that says so has the focus, then presses it. */
async function press(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: text }).first().waitFor();
  await tabTo(page, (expected) => document.activeElement?.textContent === expected, text);
  await page.keyboard.press('Enter');
}

async function changeSparsity(page: Page): Promise<void> {
  const isSlider = () =>
    document.activeElement?.getAttribute('aria-valuetext')?.endsWith('of the weights go') ?? false;
  await tabTo(page, isSlider, '');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
}

async function tabTo(page: Page, isThere: (expected: string) => boolean, expected: string): Promise<void> {
  for (let tabs = 0; tabs < 120; tabs++) {
    if (await page.evaluate(isThere, expected)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`120 times Tab, and “${expected}” never had the focus.`);
}
