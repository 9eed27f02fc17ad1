import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/contract/run.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { longRun, smallRun } from '../service/small-run.ts';
import { ask } from './harness/ask.ts';
import { hasDesktop } from './harness/desktop.ts';
import { type Application, launchApplication } from './harness/launch.ts';
import { AT_WORK, button, openRun, read, screenLink, verdictOf } from './harness/window.ts';

const GIVEN_UP = 'The run was given up. Its scores and working files are gone; its record stays.';

describe.skipIf(!hasDesktop)('the queue of runs, seen in the window', () => {
  let application: Application;
  let page: Page;
  let models: string;
  let started = 0;
  beforeAll(async () => {
    application = await launchApplication();
    page = application.page;
    models = join(application.home, 'models');
  });
  afterAll(() => application?.close());

  it('does one run after the other, in the order in which they were asked for', async () => {
    const first = await start('First', longRun);
    const second = await start('Second', smallRun);
    const third = await start('Third', smallRun);
    await openRun(page, third);
    expect(await read(page.getByText('in the queue'))).toContain('Waiting: number 2 in the queue');
    expect(await read(screenLink(page, 'Runs'))).toContain('3 active');
    await openRun(page, first);
    expect(await verdictOf(page)).toContain('Finished');
    await openRun(page, third);
    expect(await verdictOf(page)).toContain('Finished');
    await screenLink(page, 'Runs').click();
    await page.getByRole('grid', { name: 'Runs' }).waitFor();
    await page.getByText('Finished').nth(2).waitFor();
    const ends = await Promise.all([first, second, third].map(endOf));
    expect(ends).toEqual([...ends].sort());
    await page.getByText('active').waitFor({ state: 'detached' });
  }, 900_000);

  it('goes on with the next when the one at work is cancelled', async () => {
    const first = await start('Given up at work', longRun);
    const second = await start('Next', smallRun);
    await openRun(page, first);
    await page.getByRole('progressbar', { name: 'General importance' }).waitFor(AT_WORK);
    await cancel();
    expect(await verdictOf(page)).toBe(GIVEN_UP);
    expectNothingLeft(first);
    await openRun(page, second);
    expect(await verdictOf(page)).toContain('Finished');
  }, 900_000);

  it('forgets a run that is cancelled while it waits, and one that is cancelled while it is held back', async () => {
    const first = await start('Ahead', longRun);
    const waiting = await start('Waits', smallRun);
    const held = await start('Held', smallRun);
    await openRun(page, held);
    await button(page, 'Pause').click();
    expect(await verdictOf(page)).toContain('Paused');
    await openRun(page, waiting);
    await cancel();
    expect(await verdictOf(page)).toBe(GIVEN_UP);
    await openRun(page, first);
    await page.getByRole('progressbar', { name: 'Domain importance: backward' }).waitFor(AT_WORK);
    await cancel();
    expect(await verdictOf(page)).toBe(GIVEN_UP);
    await openRun(page, held);
    expect(await verdictOf(page)).toContain('Paused');
    await cancel();
    expect(await verdictOf(page)).toBe(GIVEN_UP);
    for (const run of [first, waiting, held]) expectNothingLeft(run);
  }, 900_000);

  function start(name: string, make: (outDir: string, changes: object) => RunRequest): Promise<RunSummary> {
    const request = make(join(models, `${name}-${++started}`), { name, evaluation: { texts: [] } });
    return ask(page, 'runs.start', request);
  }

  const endOf = async ({ id }: RunSummary) =>
    (await ask(page, 'runs.get', { runId: id })).summary.endedAt ?? '';

  async function cancel(): Promise<void> {
    await button(page, 'Cancel run…').click();
    const question = page.getByRole('dialog', { name: 'Give this run up?' });
    await question.getByRole('button', { name: 'Cancel the run' }).click();
    await question.waitFor({ state: 'detached' });
  }

  /** Neither working files nor scores, nor half a model. */
  function expectNothingLeft({ id, name }: RunSummary): void {
    expect(existsSync(join(application.home, 'data', 'd-pruner', 'runs', String(id)))).toBe(false);
    const left = existsSync(models) ? readdirSync(models).filter((one) => one.startsWith(name)) : [];
    expect(left).toEqual([]);
  }
});
