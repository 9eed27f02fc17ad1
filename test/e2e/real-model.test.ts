import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { hashesOf } from '../service/small-run.ts';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { answerDialogs } from './harness/native-dialogs.ts';
import { AT_WORK, button, untilRunIsShown, verdictOf } from './harness/window.ts';

const whole = process.env.DPRUNER_ORACLE_MODEL ?? '';
const data = join(import.meta.dirname, '../../../shared/data');
const files = {
  casehold: join(data, 'legal/casehold_train.jsonl'),
  billsum: join(data, 'legal/billsum_train.jsonl'),
  open: join(data, 'open/calibration.jsonl'),
};
const ready = hasDesktop && existsSync(join(whole, 'config.json')) && existsSync(files.billsum);

/** The model's first layers: all that is compared here holds for them as for the whole, in less than half of the time. */
const LAYERS = 6;
const RUN_NAME = 'Legal, from the wizard';
const SAMPLES = '8';
const LENGTH = '128';

describe.skipIf(!ready)('layers of SmolLM2-135M, with ../shared/data and DPRUNER_ORACLE_MODEL', () => {
  let folder: string;
  let application: Application | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpruner-e2e-real-'));
  });
  afterEach(async () => {
    await application?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('pruned from the wizard are the same bytes as pruned by the command line', async () => {
    application = await launchApplication();
    const { page } = application;
    const byWizard = join(folder, 'by-wizard');
    const model = join(folder, 'smollm2');
    writeFirstLayers(model);
    await chooseModel(application, model);
    await choosePreset(page);
    await chooseTexts(application);
    await page.getByLabel('Name of the run').fill(RUN_NAME);
    await page.getByLabel('Folder, which is not there yet').fill(byWizard);
    await page.getByText(/^The run will take/).waitFor(AT_WORK);
    await button(page, 'Start the run').click();
    await untilRunIsShown(page, RUN_NAME);
    expect(await verdictOf(page)).toContain('Finished');

    const byCommand = join(folder, 'by-command');
    const { exitCode, stderr } = await runCli([
      ...['prune', '--model', model, '--out', byCommand, '--run', join(folder, 'run')],
      ...['--preset', 'legal', '--data', `casehold=${files.casehold}`, '--data', `billsum=${files.billsum}`],
      ...['--open', files.open, '--samples', SAMPLES, '--sequence-length', LENGTH],
      ...['--open-samples', SAMPLES, '--open-sequence-length', LENGTH],
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(hashesOf(byWizard)).toEqual(hashesOf(byCommand));
  }, 1_200_000);
});

/** A folder whose config.json knows fewer layers than the weights beside it. */
function writeFirstLayers(folder: string): void {
  mkdirSync(folder);
  for (const name of readdirSync(whole)) {
    if (name !== 'config.json') cpSync(join(whole, name), join(folder, name));
  }
  const config = JSON.parse(readFileSync(join(whole, 'config.json'), 'utf8'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: LAYERS }));
}

async function chooseModel(application: Application, model: string): Promise<void> {
  const { page } = application;
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New run' }).click();
  await answerDialogs(application, { open: [model] });
  await button(page, 'Choose a folder…').click();
  await page.getByRole('radio', { name: basename(model), checked: true }).waitFor();
  await button(page, 'Next').click();
}

async function choosePreset(page: Page): Promise<void> {
  await page
    .getByRole('group', { name: 'Domain' })
    .getByRole('button', { name: /^Legal/ })
    .click();
  await button(page, /^Expert/).click();
  for (const [label, value] of [
    ['Domain samples', SAMPLES],
    ['Their length at most (tokens)', LENGTH],
    ['General samples', SAMPLES],
    ['Their length (tokens)', LENGTH],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await button(page, 'Next').click();
}

async function chooseTexts(application: Application): Promise<void> {
  const { page } = application;
  for (const [name, file] of [
    [/^Choose files for CaseHOLD/, files.casehold],
    [/^Choose files for BillSum/, files.billsum],
    ['Choose files for general text', files.open],
  ] as const) {
    await answerDialogs(application, { open: [file] });
    await button(page, name).click();
    await page.getByText(file).first().waitFor();
  }
  await button(page, 'Next').click();
}
