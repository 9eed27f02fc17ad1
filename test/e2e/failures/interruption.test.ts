import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashesOf, longRun } from '../../service/small-run.ts';
import { ask } from '../harness/ask.ts';
import { hasDesktop } from '../harness/desktop.ts';
import { type Application, launchApplication } from '../harness/launch.ts';
import { servicePid, workerPid } from '../harness/own-processes.ts';
import { AT_WORK, button, openRun, screenLink, untilRunIsShown, verdictOf } from '../harness/window.ts';

const FINISHED = 'Finished: the pruned model was written, read back and checked.';

describe.skipIf(!hasDesktop)('a run that is stopped in its midst', () => {
  let application: Application;
  let page: Page;
  /** The files of a run that nothing has stopped. */
  let undisturbed: Record<string, string>;
  let started = 0;
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
    const outDir = await startRun('Undisturbed');
    expect(await verdictOf(page)).toContain(FINISHED);
    undisturbed = hashesOf(outDir);
  }, 600_000);
  afterAll(() => application?.close());

  it('by Pause, twice, goes on by Resume and ends in the same bytes', async () => {
    const outDir = await startRun('Held');
    for (const stage of ['General importance', 'Domain importance: backward']) {
      await untilStage(stage);
      await button(page, 'Pause').click();
      expect(await verdictOf(page)).toContain('Paused. Finished layers are kept');
      await button(page, 'Resume').click();
    }
    expect(await endOf()).toContain(FINISHED);
    expect(hashesOf(outDir)).toEqual(undisturbed);
  }, 900_000);

  it('by the death of its worker says so and what to do, and resumed ends in the same bytes', async () => {
    const outDir = await startRun('Killed');
    await untilStage('Domain importance: backward');
    process.kill(workerPid(application), 'SIGKILL');
    const verdict = await verdictOf(page);
    expect(verdict).toMatch(/ended without a word \(SIGKILL\).*Resume the run.*WORKER_DIED/);
    expect(verdict).toContain('The run was interrupted');
    await button(page, 'Resume').click();
    expect(await endOf()).toContain(FINISHED);
    expect(hashesOf(outDir)).toEqual(undisturbed);
  }, 900_000);

  it('by the death of the service is offered on the first screen, and resumed ends in the same bytes', async () => {
    const outDir = await startRun('Left');
    await untilStage('General importance');
    process.kill(servicePid(application), 'SIGKILL');
    expect(await verdictOf(page)).toMatch(/went down while this run was at work.*Resume the run/);
    await screenLink(page, 'Home').click();
    const offer = page.getByRole('alert').filter({ hasText: '“Left” was interrupted.' });
    await offer.getByRole('button', { name: 'Resume' }).click();
    await untilRunIsShown(page, 'Left');
    expect(await endOf()).toContain(FINISHED);
    expect(hashesOf(outDir)).toEqual(undisturbed);
  }, 900_000);

  /** Starts a run that is long enough to be met at work, and opens its screen. @returns where its model will lie */
  async function startRun(name: string): Promise<string> {
    const outDir = join(application.home, 'models', `${name}-${++started}`);
    await openRun(page, await ask(page, 'runs.start', longRun(outDir, { name })));
    return outDir;
  }

  const untilStage = (stage: string) => page.getByRole('progressbar', { name: stage }).waitFor(AT_WORK);

  /** How the run ends that has just been resumed: what was said of its interruption goes first, not all of it in one picture. */
  async function endOf(): Promise<string> {
    await button(page, 'Resume').waitFor({ state: 'detached' });
    const interruption = page
      .getByRole('main')
      .getByRole('alert')
      .filter({ hasText: /Paused\.|interrupted/ });
    await interruption.first().waitFor({ state: 'detached' });
    return verdictOf(page);
  }
});
