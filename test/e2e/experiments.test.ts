import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentReport } from '../../src/contract/experiment.ts';
import { ask } from './harness/ask.ts';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { answerDialogs } from './harness/native-dialogs.ts';
import { resizeWindow } from './harness/resize.ts';
import { AT_WORK, button, goTo, screenLink } from './harness/window.ts';
import { Camera } from './screens/camera.ts';

const MODULES = ['qProj', 'kProj', 'vProj', 'oProj', 'gateProj', 'upProj', 'downProj'];
const LAYERS = [0, 1, 2, 3];

/** One of each plot that a report may hold. */
const report: ExperimentReport = {
  format: 1,
  experiment: 'sparsity',
  title: 'Sparsity',
  appVersion: '0.1.0',
  finishedAt: '2026-01-01T10:00:00.000Z',
  modelDir: '/models/small',
  modelFingerprint: 'f'.repeat(64),
  backend: 'tensorflow',
  settings: null,
  texts: [
    {
      ...{ name: 'legal', file: '/texts/legal.txt', sha256: 'a'.repeat(64) },
      ...{ window: 1024, stride: 1024, maxTokens: null, scoredTokens: 8184 },
    },
  ],
  tasks: [],
  calibrations: [{ name: 'all points', domain: { sha256: 'b', samples: 32, tokens: 9000 }, open: null }],
  seconds: { scoring: 140, pruning: 12, measuring: 300 },
  tables: [
    {
      title: 'Every point',
      columns: [
        { name: 'point', kind: 'text' },
        { name: 'zeros', kind: 'share' },
        { name: 'legal', kind: 'figure' },
        { name: 'legal, change', kind: 'change' },
      ],
      rows: [
        ['dense', 0, 11.9, null],
        ['50 %', 0.5, 21.11, 0.774],
      ],
    },
  ],
  plots: [
    {
      kind: 'lines',
      title: 'Perplexity',
      x: { label: 'Weights set to zero', scale: 'linear' },
      y: { label: "perplexity over the dense model's", scale: 'log' },
      joined: true,
      series: ['legal', 'open'].map((name, index) => ({
        name,
        points: [0.1, 0.3, 0.5, 0.7].map((x) => ({ x, y: 1 + (1 + index) * x ** 3 })),
      })),
    },
    {
      kind: 'lines',
      title: 'Curvatures',
      x: { label: 'Hessian diagonal', scale: 'log' },
      y: { label: 'empirical Fisher', scale: 'log' },
      joined: false,
      series: [{ name: 'qProj', points: LAYERS.map((i) => ({ x: 10 ** -i, y: 10 ** (-i - 1) })) }],
    },
    {
      kind: 'heat-map',
      title: 'legal and healthcare',
      rows: LAYERS.map((layer) => `layer ${layer}`),
      columns: MODULES,
      values: LAYERS.map((layer) => MODULES.map((_, i) => 0.25 + (layer + i) / 40)),
      low: 0.25,
      high: 0.5,
    },
    {
      kind: 'ranges',
      title: 'By layer',
      y: { label: 'log importance' },
      categories: LAYERS.map(String),
      series: [{ name: 'domain', quantiles: LAYERS.map((i) => [-9 - i, -7 - i, -6 - i, -5 - i, -3 - i]) }],
    },
  ],
  remarks: ['Perplexity, lower is better; changes are to the dense model.'],
};

const TITLE = 'Sparsity: Demo: legal';

describe.skipIf(!hasDesktop)('the screen of experiments', () => {
  let application: Application;
  let page: Page;
  const home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-experiments-'));
  beforeAll(async () => {
    application = await launchApplication({ home });
    page = application.page;
  });
  afterAll(async () => {
    await application?.close();
    rmSync(home, { recursive: true, force: true });
  });
  const camera = () =>
    new Camera(page, 'experiments', (width, height) => resizeWindow(application, width, height));

  it('starts a sweep of the sparsity on the demo, shows it at work and draws what it found', async () => {
    await screenLink(page, 'Experiments').click();
    await page.getByText('None yet').waitFor();
    const points = page.getByLabel('Percent of the weights that go');
    await points.fill('30, many');
    await page.getByText('“many” is no percentage between 0 and 100.').waitFor();
    expect(await button(page, 'Start the experiment').isDisabled()).toBe(true);
    await points.fill('30, 60');
    await page.getByText('Legal, General').waitFor();
    await button(page, 'Start the experiment').click();
    await page.getByRole('heading', { name: TITLE }).waitFor();
    await page.getByText('d-pruner at 30 % (2 of 3)').waitFor(AT_WORK);
    const timeLeft = page.locator('div:has(> dt:text-is("Time left")) > dd');
    await timeLeft.filter({ hasText: /\d+\s(s|min)/ }).waitFor(AT_WORK);
    expect(await camera().take('experiment-at-work', ['light'])).toEqual([]);
    await page.getByRole('heading', { name: 'What the figures depend on' }).waitFor(AT_WORK);
    const table = page.getByRole('table', { name: 'Sparsity' });
    expect(await table.getByRole('row').count()).toBe(4);
    expect(await page.getByText("perplexity over the dense model's").count()).toBeGreaterThan(0);
    expect(await camera().take('experiment')).toEqual([]);
  }, 600_000);

  it('pauses one, goes on with it, and deletes one after asking', async () => {
    const [{ id = 0 } = {}] = (await ask(page, 'experiments.list', {})).experiments;
    const { request } = await ask(page, 'experiments.get', { experimentId: id });
    const second = await ask(page, 'experiments.start', { ...request, name: 'To be paused' });
    await goTo(page, `/experiments/${second.id}`);
    await page.getByRole('progressbar', { name: 'Measure perplexity' }).waitFor(AT_WORK);
    await button(page, 'Pause').click();
    await page.getByText('Paused. Finished points').waitFor(AT_WORK);
    await screenLink(page, 'Experiments').click();
    expect(await camera().take('experiments')).toEqual([]);
    await page.getByRole('link', { name: 'To be paused' }).click();
    await button(page, 'Resume').click();
    await page.getByRole('progressbar').first().waitFor(AT_WORK);
    await button(page, 'Cancel experiment…').click();
    await button(page, 'Cancel the experiment').click();
    await page.getByText('The experiment was given up.').waitFor(AT_WORK);
    await button(page, 'Delete…').click();
    await button(page, 'Delete it').click();
    await page.getByRole('table', { name: 'Experiments' }).getByRole('link', { name: TITLE }).waitFor();
    await page.getByRole('link', { name: 'To be paused' }).waitFor({ state: 'detached' });
  }, 600_000);

  it('finds them again after a restart', async () => {
    await application.close();
    application = await launchApplication({ home });
    page = application.page;
    await screenLink(page, 'Experiments').click();
    await page.getByRole('link', { name: TITLE }).click();
    await page.getByRole('heading', { name: 'What the figures depend on' }).waitFor();
  });

  it('opens a report of the command line, and refuses what is none', async () => {
    await screenLink(page, 'Experiments').click();
    const other = join(application.home, 'other.json');
    writeFileSync(other, '{}');
    await answerDialogs(application, { open: [other] });
    await page.getByRole('button', { name: 'Choose a report…' }).click();
    await page.getByText('is not the report of an experiment').waitFor();
  });

  it('draws every plot of a report and shows its table and what it depends on', async () => {
    const file = join(application.home, 'sweep.json');
    writeFileSync(file, JSON.stringify(report));
    await answerDialogs(application, { open: [file] });
    await page.getByRole('button', { name: 'Choose a report…' }).click();
    await page.getByRole('heading', { name: 'Sparsity', exact: true }).waitFor();
    for (const { title } of report.plots) await page.getByText(title).first().waitFor();
    const table = page.getByRole('table', { name: 'Every point' });
    expect(await table.getByRole('row').last().textContent()).toMatch(/^50\s%50\s%21\.11\+77\s%$/);
    await page.getByText('8,184 tokens scored, window 1,024').waitFor();
    expect(await camera().take('report-from-elsewhere')).toEqual([]);
  });
});
