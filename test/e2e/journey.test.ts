import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { hasDesktop } from './harness/desktop.ts';
import { eventually } from './harness/eventually.ts';
import { type Application, launchApplication, projectFolder } from './harness/launch.ts';
import { moveSlider } from './harness/slider.ts';
import { AT_WORK, button, screenLink, untilRunIsShown, verdictOf } from './harness/window.ts';
import { zerosOfModel } from './harness/zeros-of-model.ts';

const legalText = join(projectFolder, 'resources', 'demo', 'data', 'legal-test.txt');

describe.skipIf(!hasDesktop)('a person with an empty computer', () => {
  let application: Application | null = null;
  let home: string;
  afterEach(async () => {
    await application?.close();
    application = null;
    rmSync(home, { recursive: true, force: true });
  });

  it('runs the demo, tries other masks, writes one of them, runs their own settings, compares, and finds all again', async () => {
    home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-journey-'));
    application = await launchApplication({ home });
    const { page } = application;

    await page.getByText('See a whole run in a minute or two').waitFor();
    await button(page, 'Run the demo').click();
    const seen = await watchStages(page);
    await page.getByText(/\d tokens\/s/).waitFor(AT_WORK);
    await untilFinished(page, 'Demo: legal');
    expect(await seen()).toEqual([
      'Measure perplexity',
      'General importance',
      'Open-text importance: backward',
      'Domain importance: backward',
    ]);

    await button(page, 'See the results').click();
    await tryOtherMask(page);
    await page.getByRole('link', { name: 'Write this model…' }).click();
    const { folder, perplexity } = await writeModel(page);
    expect(JSON.parse(readFileSync(join(folder, 'dpruner.json'), 'utf8')).settings.mu).toBe(0.9);
    for (const [name, share] of zerosOfModel(folder)) expect(share, name).toBeCloseTo(0.6, 3);
    const { stdout } = await runCli([
      ...['evaluate', '--model', folder, '--perplexity', legalText, '--json'],
    ]);
    expect(Number(JSON.parse(stdout).perplexity).toPrecision(4)).toBe(perplexity);

    await screenLink(page, 'New run').click();
    await goThroughWizard(page);
    await untilFinished(page, 'My own settings');

    await screenLink(page, 'Runs').click();
    const compared = await compareAll(page);
    expect(compared.Sparsity).toEqual(['50 %', '30 %']);
    expect(compared['Domain samples']).toEqual([
      expect.stringContaining('128'),
      expect.stringContaining('24'),
    ]);
    await page.getByText(/By layer and module: /).waitFor(AT_WORK);

    await application.close();
    application = await launchApplication({ home });
    await expectAllThere(application.page, folder, compared);
  }, 900_000);
});

/** @returns the stages that the window has shown so far, each once, in the order in which they came */
async function watchStages(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const stages: string[] = [];
    const look = () => {
      const bar = document.querySelector('main [role=progressbar][aria-valuetext]');
      const stage = bar?.getAttribute('aria-label');
      if (stage && !stages.includes(stage)) stages.push(stage);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    Object.assign(window, { stages });
  });
  const quick = ['Read the calibration texts', 'Write the pruned model', 'Read it back and check'];
  return async () => {
    const stages = await page.evaluate(() => (window as unknown as { stages: string[] }).stages);
    return stages.filter((stage) => !quick.includes(stage));
  };
}

async function untilFinished(page: Page, name: string): Promise<void> {
  await untilRunIsShown(page, name);
  expect(await verdictOf(page)).toContain('Finished: the pruned model was written, read back and checked.');
}

/** Moves both sliders and sees the figures follow. */
async function tryOtherMask(page: Page): Promise<void> {
  const own = await eventually(
    () => keptShares(page),
    (kept) => kept['Weights kept'] === 50,
  );
  await moveSlider(page.getByRole('slider', { name: 'Sparsity' }), 60);
  const sparser = await eventually(
    () => keptShares(page),
    (kept) => kept['Weights kept'] === 40,
  );
  expect(sparser[GENERAL]).toBeLessThan(own[GENERAL] ?? 0);
  expect(sparser[DOMAIN]).toBeLessThan(own[DOMAIN] ?? 0);
  await moveSlider(page.getByRole('slider', { name: 'General ↔ domain (μ)' }), 0.9);
  const moreOfDomain = await eventually(
    () => keptShares(page),
    (kept) => kept[GENERAL] !== sparser[GENERAL],
  );
  expect(moreOfDomain[GENERAL]).toBeLessThan(sparser[GENERAL] ?? 0);
  expect(moreOfDomain[DOMAIN]).toBeGreaterThan(sparser[DOMAIN] ?? 100);
}

const [GENERAL, DOMAIN] = ['General importance kept', 'Domain importance kept'];

/** What the mask that the sliders stand for keeps, in percent, by its title. */
function keptShares(page: Page): Promise<Readonly<Record<string, number>>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('[role=meter]')].map((meter) => [
        meter.getAttribute('aria-label') ?? '',
        Number.parseFloat(meter.previousElementSibling?.textContent ?? ''),
      ]),
    ),
  );
}

/** Writes the model that the sliders stood for. @returns where it lies, and the domain's perplexity as it is shown */
async function writeModel(page: Page): Promise<{ folder: string; perplexity: string }> {
  await expectSliders(page, '60', '0.9');
  const folder = await page.getByLabel('Folder, which is not there yet').inputValue();
  await button(page, 'Write the model').click();
  const row = exportRow(page, folder);
  await row.getByText('Finished').waitFor(AT_WORK);
  const [, perplexity = ''] = /Legal: ([\d.]+)/.exec((await row.textContent()) ?? '') ?? [];
  return { folder, perplexity };
}

const exportRow = (page: Page, folder: string) =>
  page
    .getByRole('table', { name: 'Other models from this run' })
    .getByRole('row')
    .filter({ hasText: folder });

async function expectSliders(page: Page, sparsity: string, mu: string): Promise<void> {
  expect(await page.getByRole('slider', { name: 'Sparsity' }).inputValue()).toBe(sparsity);
  expect(await page.getByRole('slider', { name: 'General ↔ domain (μ)' }).inputValue()).toBe(mu);
}

/** Every step: the demo's model and texts are there from the run before; the rest is the person's own. */
async function goThroughWizard(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Demo model' }).check();
  await next(page, 'What is it for?');
  await moveSlider(page.getByRole('slider', { name: 'Sparsity' }), 30);
  await button(page, /^Expert/).click();
  await page.getByLabel('Domain samples').fill('24');
  await page.getByLabel('General samples').fill('16');
  await next(page, 'Which texts?');
  await page.getByText('Longest record').first().waitFor();
  await page.getByLabel('Only the first').first().fill('2000');
  await next(page, 'Will it fit?');
  await page.getByLabel('Name of the run').fill('My own settings');
  await page.getByText(/^The run will take/).waitFor(AT_WORK);
  await button(page, 'Start the run').click();
}

async function next(page: Page, heading: string): Promise<void> {
  await button(page, 'Next').click();
  await page.getByRole('heading', { name: heading }).waitFor();
}

/** Ticks all runs and compares them. @returns the table's rows: what the runs say, the older one first */
async function compareAll(page: Page): Promise<Record<string, string[]>> {
  for (const name of ['Demo: legal', 'My own settings']) {
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
    await row.getByRole('checkbox').check();
  }
  await button(page, 'Compare').click();
  return comparison(page);
}

async function comparison(page: Page): Promise<Record<string, string[]>> {
  const table = page.getByRole('table', { name: 'Settings and figures of the runs' });
  await table.waitFor();
  const rows = await table.getByRole('row').all();
  const cells = rows.map(async (row) => {
    const [head = '', ...rest] = await row.locator('th, td').allInnerTexts();
    return [head, rest.map((text) => text.replaceAll('\u00a0', ' '))] as const;
  });
  return Object.fromEntries(await Promise.all(cells));
}

/** After a restart: the runs, their figures and the written model. */
async function expectAllThere(page: Page, folder: string, compared: Record<string, string[]>): Promise<void> {
  const latest = page.getByRole('table', { name: 'Latest runs' });
  await latest.getByRole('link', { name: 'Demo: legal' }).waitFor();
  expect(await button(page, 'Run the demo').count()).toBe(0);
  await screenLink(page, 'Runs').click();
  expect(await compareAll(page)).toEqual(compared);
  await screenLink(page, 'Home').click();
  await latest.getByRole('link', { name: 'Demo: legal' }).click();
  await eventually(
    () => keptShares(page),
    (kept) => kept['Weights kept'] === 50,
  );
  await page.getByRole('link', { name: 'Export and report' }).click();
  await exportRow(page, folder).getByText('Finished').waitFor();
}
