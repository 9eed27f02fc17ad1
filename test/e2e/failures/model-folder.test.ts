import { cpSync, mkdirSync, renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_MODEL } from '../../../src/service/demo.ts';
import { writeTinyCheckpoint } from '../../engine/checkpoint/tiny-checkpoint.ts';
import { smallRun } from '../../service/small-run.ts';
import { ask } from '../harness/ask.ts';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication } from '../harness/launch.ts';
import { answerDialogs } from '../harness/native-dialogs.ts';
import { button, goTo, openRun, read, verdictOf } from '../harness/window.ts';

const WEIGHTS = 'model.safetensors';

describe.skipIf(!hasDesktop)('a model’s folder that is not whole', () => {
  let application: Application;
  let page: Page;
  let copies = 0;
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
  });
  afterAll(() => application?.close());

  it('for want of a shard is refused by that shard’s name, and taken once it is there', async () => {
    const dir = join(application.home, 'models', 'in-two-shards');
    const { files } = await writeTinyCheckpoint(dir, { shards: 2 });
    cpSync(join(DEMO_MODEL, 'tokenizer.json'), join(dir, 'tokenizer.json'));
    const lost = join(dir, files[1] ?? '');
    renameSync(lost, `${lost}.elsewhere`);
    await choose(dir);
    const refusal = await read(page.getByRole('alert').filter({ hasText: 'CHECKPOINT_MISSING_SHARD' }));
    expect(refusal).toContain(files[1]);
    expect(refusal).toContain('Download the missing files into the folder.');
    expect(await button(page, 'Next').isDisabled()).toBe(true);

    renameSync(`${lost}.elsewhere`, lost);
    await button(page, 'Choose a folder…').click();
    await page.getByRole('radio', { name: 'in-two-shards', checked: true }).waitFor();
    expect(await page.getByText('CHECKPOINT_MISSING_SHARD').count()).toBe(0);
    await button(page, 'Next').click();
    await page.getByRole('heading', { name: 'What is it for?' }).waitFor();
  });

  it('because its weights end too soon is refused, with the file’s name and what to do', async () => {
    const dir = copyOfDemo();
    truncateSync(join(dir, WEIGHTS), 3_000_000);
    await choose(dir);
    const refusal = await read(page.getByRole('alert').filter({ hasText: 'SAFETENSORS_TRUNCATED' }));
    expect(refusal).toContain(join(dir, WEIGHTS));
    expect(refusal).toContain('get the file again');
  });

  it('since it was chosen fails the run with the reason; once it is whole again the run can be tried again', async () => {
    const dir = copyOfDemo();
    const request = smallRun(join(application.home, `pruned-${copies}`), {
      modelDir: dir,
      evaluation: { texts: [] },
    });
    truncateSync(join(dir, WEIGHTS), 3_000_000);
    await openRun(page, await ask(page, 'runs.start', request));
    expect(await verdictOf(page)).toContain('SAFETENSORS_TRUNCATED');
    cpSync(join(DEMO_MODEL, WEIGHTS), join(dir, WEIGHTS));
    await button(page, 'Try again').click();
    await page.getByText('SAFETENSORS_TRUNCATED').waitFor({ state: 'detached' });
    expect(await verdictOf(page)).toContain('Finished');
  }, 600_000);

  function copyOfDemo(): string {
    const dir = join(application.home, 'models', `copy-${++copies}`);
    mkdirSync(dir, { recursive: true });
    cpSync(DEMO_MODEL, dir, { recursive: true });
    return dir;
  }

  async function choose(dir: string): Promise<void> {
    await goTo(page, '/new/model');
    await answerDialogs(application, { open: [dir] });
    await button(page, 'Choose a folder…').click();
  }
});
