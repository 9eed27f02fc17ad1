import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallRun } from '../service/small-run.ts';
import { ask } from './harness/ask.ts';
import { hasDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import { Keyboard } from './harness/keyboard.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { answerDialogs } from './harness/native-dialogs.ts';
import { AT_WORK, button, read, screenLink } from './harness/window.ts';
import { zerosOfModel } from './harness/zeros-of-model.ts';

describe.skipIf(!hasDesktop)('with the keyboard alone', () => {
  let application: Application;
  let page: Page;
  let keyboard: Keyboard;
  const at = (name: string) => join(application.home, name);
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
    keyboard = new Keyboard(page);
  });
  afterAll(() => application?.close());

  it('a person gets from the first screen through the wizard to a run, and gives it up', async () => {
    await keyboard.choose(button(page, 'Go through its steps first'));
    for (const title of ['Which model?', 'What is it for?', 'Which texts?']) {
      await page.getByRole('heading', { name: title }).waitFor();
      if (title === 'What is it for?') {
        await keyboard.goTo(page.getByRole('slider', { name: 'Sparsity' }));
        await keyboard.press('ArrowRight', 'ArrowRight');
      }
      await keyboard.choose(button(page, 'Next'));
    }
    await page.getByText(/^The run will take/).waitFor(AT_WORK);
    await keyboard.choose(button(page, 'Start the run'));
    await page.getByRole('heading', { name: 'Demo: legal' }).waitFor();
    await keyboard.choose(button(page, 'Cancel run…'));
    await page.getByRole('dialog').waitFor();
    await keyboard.choose(button(page, 'Cancel the run'));
    const [run] = await eventually(
      async () => (await ask(page, 'runs.list', {})).runs,
      ([run]) => run?.status === 'cancelled',
    );
    expect(run?.sparsity).toBe(0.52);
  });

  it('moves both sliders of the results and writes the model that they stand for', async () => {
    for (const name of ['First', 'Second']) await finish(name);
    await keyboard.choose(screenLink(page, 'Home'));
    await keyboard.choose(page.getByRole('link', { name: 'First', exact: true }));
    await keyboard.goTo(page.getByRole('slider', { name: 'Sparsity' }));
    await keyboard.press(...Array(10).fill('ArrowRight'));
    await keyboard.goTo(page.getByRole('slider', { name: 'General ↔ domain (μ)' }));
    await keyboard.press('ArrowLeft', 'ArrowLeft');
    await page.getByRole('meter', { name: 'Weights kept' }).waitFor();
    await eventually(
      () => read(page.getByRole('meter', { name: 'Weights kept' }).locator('xpath=preceding-sibling::*[1]')),
      (kept) => kept.startsWith('40'),
    );
    await keyboard.choose(page.getByRole('link', { name: 'Write this model…' }));
    await keyboard.fill(page.getByLabel('Folder, which is not there yet'), at('sparser'));
    await keyboard.tick(page.getByRole('checkbox', { name: /^Measure it/ }));
    await keyboard.choose(button(page, 'Write the model'));
    await page.getByRole('row').filter({ hasText: 'sparser' }).getByText('Finished').waitFor(AT_WORK);
    for (const [name, share] of zerosOfModel(at('sparser'))) expect(share, name).toBeCloseTo(0.6, 3);
    expect(JSON.parse(readFileSync(at('sparser/dpruner.json'), 'utf8')).settings.mu).toBe(0.4);
  });

  it('saves the report as a page and as a PDF', async () => {
    for (const [name, kind] of [
      ['Save as HTML…', 'html'],
      ['Save as PDF…', 'pdf'],
    ] as const) {
      const file = at(`report.${kind}`);
      await answerDialogs(application, { save: file });
      await keyboard.choose(button(page, name));
      await page.getByText(file).waitFor();
      expect(existsSync(file)).toBe(true);
    }
  });

  it('filters the history, compares two runs, renames one and deletes another after a question', async () => {
    await keyboard.choose(screenLink(page, 'Runs'));
    await keyboard.choose(button(page, 'Cancelled'));
    await page.getByText('1 run', { exact: true }).waitFor();
    await keyboard.choose(button(page, 'Cancelled'));
    await keyboard.fill(page.getByLabel('Search runs'), 'Small');
    await page.getByText('No run matches.').waitFor();
    await keyboard.fill(page.getByLabel('Search runs'), 'first');
    await page.getByText('1 run', { exact: true }).waitFor();
    await keyboard.press('Control+A', 'Delete');
    await page.getByText('3 runs', { exact: true }).waitFor();

    await intoGrid();
    await tickRow('Second');
    await keyboard.press('ArrowDown', 'Space');
    await page.getByText('2 runs ticked.').waitFor();
    await keyboard.choose(button(page, 'Compare'));
    await page.getByRole('table', { name: 'Settings and figures of the runs' }).waitFor();
    await page.getByText(/By layer and module: /).waitFor(AT_WORK);
    await keyboard.choose(page.getByRole('link', { name: 'Back to the runs' }));

    await chooseFromMenu('Second', 'Rename…');
    await page.getByRole('dialog', { name: 'Rename the run' }).waitFor();
    await keyboard.fill(page.getByRole('textbox', { name: 'Name' }), 'For the record');
    await keyboard.press('Enter');
    await page.getByRole('link', { name: 'For the record' }).waitFor();

    await chooseFromMenu('For the record', 'Delete…');
    await page.getByRole('dialog', { name: 'Delete 1 run?' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await chooseFromMenu('For the record', 'Delete…');
    await keyboard.choose(page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'For the record' }).waitFor({ state: 'detached' });
    expect((await ask(page, 'runs.list', {})).total).toBe(2);
  });

  it('starts an experiment, opens it and gives it up', async () => {
    await keyboard.choose(screenLink(page, 'Experiments'));
    await keyboard.choose(page.getByRole('combobox', { name: 'Model, texts and settings of' }));
    await keyboard.goTo(page.getByRole('option', { name: /First/ }), 'ArrowDown');
    await keyboard.press('Enter');
    await page.getByText('balanced').waitFor();
    await keyboard.fill(page.getByLabel('Percent of the weights that go'), '20, 40');
    await keyboard.choose(button(page, 'Start the experiment'));
    await page.getByRole('heading', { name: 'Sparsity: First' }).waitFor();
    await keyboard.choose(button(page, 'Cancel experiment…'));
    await page.getByRole('dialog').waitFor();
    await keyboard.choose(button(page, 'Cancel the experiment'));
    await page.getByText('The experiment was given up.').waitFor(AT_WORK);
    await keyboard.choose(screenLink(page, 'Experiments'));
    await page.getByRole('cell', { name: 'Cancelled' }).waitFor();
  });

  it('adds a model and forgets it', async () => {
    await keyboard.choose(screenLink(page, 'Models & data'));
    await answerDialogs(application, { open: [at('sparser')] });
    await keyboard.choose(button(page, 'Choose a folder…'));
    await keyboard.choose(button(page, 'Forget sparser'));
    await keyboard.choose(button(page, 'Forget it'));
    await button(page, 'Forget sparser').waitFor({ state: 'detached' });
  });

  it('changes settings', async () => {
    await keyboard.choose(screenLink(page, 'Settings'));
    await keyboard.goTo(page.getByRole('radio', { checked: true }));
    await keyboard.press('ArrowRight', 'ArrowRight');
    await keyboard.tick(page.getByRole('switch', { name: 'Keep the computer awake' }));
    await keyboard.fill(page.getByLabel('Delete ended runs'), '30');
    const { settings } = await eventually(
      () => ask(page, 'settings.get', {}),
      ({ settings }) => settings.retentionDays === 30,
    );
    expect(settings).toMatchObject({ theme: 'dark', keepAwake: false });
  });

  it('searches, verifies and exports the audit trail', async () => {
    await keyboard.choose(screenLink(page, 'Audit trail'));
    await keyboard.fill(page.getByLabel('Search the trail'), 'run.removed');
    await page.getByRole('cell', { name: 'run.removed' }).waitFor();
    await keyboard.choose(button(page, 'Verify'));
    await page.getByText(/^The chain of \d+\slines is intact/).waitFor();
    await answerDialogs(application, { save: at('trail.jsonl') });
    await keyboard.choose(button(page, 'Export…'));
    await eventually(
      () => existsSync(at('trail.jsonl')),
      (isThere) => isThere,
    );
  });

  /** Not what is tested: runs that are there when a person comes. */
  async function finish(name: string): Promise<void> {
    const { id } = await ask(page, 'runs.start', smallRun(at(`models/${name}`), { name }));
    await eventually(
      async () => (await ask(page, 'runs.get', { runId: id })).summary.status,
      (status) => status === 'finished',
      240_000,
    );
  }

  /** The grid is one stop of Tab; within it arrows lead from cell to cell. */
  const intoGrid = (): Promise<void> => keyboard.goTo(page.getByRole('grid', { name: 'Runs' }));

  async function toRow(name: string): Promise<void> {
    const row = page.getByRole('row').filter({ has: page.locator(':focus') });
    await keyboard.press('Control+Home');
    for (let moves = 0; moves < 20; moves++) {
      if ((await row.count()) > 0 && (await read(row)).includes(name)) return;
      await keyboard.press('ArrowDown');
    }
    throw new Error(`No arrow key leads to the row of ${name}.`);
  }

  async function tickRow(name: string): Promise<void> {
    await toRow(name);
    await keyboard.press('Space');
  }

  async function chooseFromMenu(name: string, item: string): Promise<void> {
    await intoGrid();
    await toRow(name);
    await keyboard.press('End', 'Enter');
    await keyboard.goTo(page.getByRole('menuitem', { name: item }), 'ArrowDown');
    await keyboard.press('Enter');
  }
});
