import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTokenizer } from '../../src/engine/tokenizer/open-tokenizer.ts';
import { DEMO_MODEL } from '../../src/service/demo.ts';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { answerDialogs } from './harness/native-dialogs.ts';
import { canReadPdf, filesWith, formsOfText, formsOfTokens, newMarker } from './harness/planted-text.ts';
import { moveSlider } from './harness/slider.ts';
import { AT_WORK, button, read, untilRunIsShown, verdictOf } from './harness/window.ts';

const RUN_NAME = 'Ward 7';

describe.skipIf(!hasDesktop)('a person’s texts', () => {
  /** What the application keeps, exports and reports lies in the one, the texts in the other. */
  let home: string;
  let texts: string;
  let application: Application | null = null;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'dpruner-e2e-privacy-'));
    texts = mkdtempSync(join(tmpdir(), 'dpruner-e2e-texts-'));
  });
  afterEach(async () => {
    await application?.close();
    for (const folder of [home, texts]) rmSync(folder, { recursive: true, force: true });
  });

  it('are, after a run with an export and both reports, in nothing that the application has written', async () => {
    const marker = newMarker();
    const files = writeTexts(texts, marker);
    const scratch = join(home, 'tmp');
    mkdirSync(scratch);
    application = await launchApplication({ home, env: { TMPDIR: scratch } });
    const { page } = application;
    await chooseOwnDomain(page);
    await chooseTexts(application, files, marker);
    await button(page, 'Next').click();
    await page.getByLabel('Name of the run').fill(RUN_NAME);
    await page.getByText(/^The run will take/).waitFor(AT_WORK);
    await button(page, 'Start the run').click();
    await untilRunIsShown(page, RUN_NAME);
    expect(await verdictOf(page)).toContain('Finished');
    await writeExport(page);
    for (const kind of ['HTML', 'PDF']) await saveReport(application, kind);

    const tokens = await tokensOf(marker);
    const expectNowhere = () => {
      // So that a search which finds nothing means something: this is looked for in the same way, and is there.
      const named = filesWith(home, formsOfText(RUN_NAME));
      expect(named).toEqual(
        expect.arrayContaining(canReadPdf ? ['report.html', 'report.pdf'] : ['report.html']),
      );
      expect(named.some((file) => file.includes('history.sqlite'))).toBe(true);
      expect(filesWith(home, formsOfText(marker))).toEqual([]);
      expect(filesWith(home, formsOfTokens(tokens))).toEqual([]);
    };
    expectNowhere();
    await application.close();
    application = null;
    expectNowhere();
  }, 900_000);

  async function saveReport(running: Application, kind: string): Promise<void> {
    const file = join(home, `report.${kind.toLowerCase()}`);
    await answerDialogs(running, { save: file });
    await button(running.page, `Save as ${kind}…`).click();
    await running.page.getByText(`Saved as ${file}`).waitFor(AT_WORK);
  }
});

interface Texts {
  readonly domain: string;
  readonly broken: string;
  readonly general: string;
  readonly measured: string;
}

/** The marker stands in every record, paragraph and line. */
function writeTexts(folder: string, marker: string): Texts {
  const write = (name: string, lines: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const sentences = Array.from(
    { length: 160 },
    (_, n) => `The patient ${marker} was seen on day ${n} and the licence of the ward was read to her aloud.`,
  );
  return {
    domain: write(
      'notes.jsonl',
      sentences.map((text) => JSON.stringify({ text })),
    ),
    broken: write('broken.jsonl', [`{"text": "${marker}`]),
    general: write(
      'general.txt',
      sentences.map((text) => `${text}\n`),
    ),
    measured: write('measured.txt', sentences),
  };
}

/** The marker's own ids, without those at its ends, which depend on what stands beside it. */
async function tokensOf(marker: string): Promise<number[]> {
  const ids = (await openTokenizer(DEMO_MODEL)).encodePlain(`patient ${marker} was`);
  expect(ids.length).toBeGreaterThan(10);
  return [...ids.slice(3, -2)];
}

async function chooseOwnDomain(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'New run' }).click();
  await page.getByRole('radio', { name: 'Demo model' }).check();
  await button(page, 'Next').click();
  await button(page, /^Custom…/).click();
  const editor = page.getByRole('dialog', { name: 'New domain' });
  await editor.getByLabel('Title').fill('Our ward');
  if ((await editor.getByLabel('Part 1').count()) === 0) await editor.getByText('Add a part').click();
  await editor.getByLabel('Part 1', { exact: true }).fill('Notes');
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.waitFor({ state: 'detached' });
  await button(page, /^Expert/).click();
  for (const [label, value] of [
    ['Domain samples', '16'],
    ['Their length at most (tokens)', '64'],
    ['General samples', '12'],
    ['Their length (tokens)', '64'],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await button(page, 'Next').click();
}

async function chooseTexts(application: Application, files: Texts, marker: string): Promise<void> {
  const { page } = application;
  const choose = async (name: string, file: string) => {
    await answerDialogs(application, { open: [file] });
    await button(page, name).click();
    await page.getByText(file).first().waitFor();
  };
  await choose('Choose files for Notes', files.domain);
  await choose('Add files for Notes', files.broken);
  expect(await read(page.getByRole('alert').filter({ hasText: files.broken }), AT_WORK)).not.toContain(
    marker,
  );
  await button(page, `Remove ${files.broken}`).click();
  await button(page, 'Preview some records').click();
  await page.getByText('Masked: every letter is an x').waitFor();
  await button(page, 'Show the text itself…').click();
  await button(page, 'Show it').click();
  await page.getByText(marker).first().waitFor();
  await choose('Choose files for general text', files.general);
  await choose('Choose texts to measure on', files.measured);
}

async function writeExport(page: Page): Promise<void> {
  await button(page, 'See the results').click();
  await page.getByRole('link', { name: 'Export and report' }).click();
  await moveSlider(page.getByRole('slider', { name: 'Sparsity' }), 55);
  await button(page, 'Write the model').click();
  await page
    .getByRole('table', { name: 'Other models from this run' })
    .getByText('Finished')
    .waitFor(AT_WORK);
}
