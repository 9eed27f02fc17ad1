import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../src/service/runs/process-alive.ts';
import { refusal } from '../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { quickest } from '../quickest.ts';
import { type ServiceProcess, services } from './service-process.ts';
import { hashesOf, longRun, smallRun } from './small-run.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const started = services();
afterAll(started.killAll);

let service: ServiceProcess;
/** What an uninterrupted run ends in. */
let expected: { model: Record<string, string>; scores: Record<string, string> };
const outcomeOf = (outDir: string, runId: number) => ({
  model: hashesOf(outDir),
  scores: hashesOf(join(data, `runs/${runId}/engine/scores`)),
});
const scratchOf = (runId: number) => [
  join(data, `runs/${runId}/engine/scratch`),
  join(data, `runs/${runId}/temporary`),
];
/** Its worker, by the lock of the engine's run folder. */
const workerOf = (runId: number) => Number(readFileSync(join(data, `runs/${runId}/engine/lock`), 'utf8'));

beforeAll(async () => {
  service = await started.start(data);
  const { id, outDir } = await service.request('runs.start', longRun(join(folder, 'whole')));
  await service.untilStatus(id, 'finished');
  expected = outcomeOf(outDir, id);
});

const untilStage = (one: ServiceProcess, runId: number, stage: string, done: number) =>
  one.until(() =>
    one.all('run.progress').some((p) => p.runId === runId && p.stage === stage && p.done > done),
  );

describe('a run that is paused', () => {
  it('stops, and resumed ends in the same bytes as one that was not', async () => {
    const outDir = join(folder, 'paused');
    const { id } = await service.request('runs.start', longRun(outDir));
    for (const [stage, done] of [
      ['general', 1.2],
      ['backward', 1.2],
    ] as const) {
      await untilStage(service, id, stage, done);
      expect((await service.request('runs.pause', { runId: id })).stopping).toBe('pause');
      const paused = await service.untilStatus(id, 'paused', 'finished', 'failed');
      expect(paused).toMatchObject({ status: 'paused', problem: null, stopping: null });
      for (const scratch of scratchOf(id)) expect(existsSync(scratch), scratch).toBe(false);
      await service.request('runs.resume', { runId: id });
    }
    const { workedMs } = await service.untilStatus(id, 'finished');
    expect(workedMs).toBeGreaterThan(1000);
    expect(outcomeOf(outDir, id)).toEqual(expected);
    const { entries } = await service.request('audit.list', { text: `run ${id}` });
    expect(entries.map(({ action }) => action).reverse()).toEqual([
      ...['run.queued', 'run.started', 'run.paused', 'run.resumed'],
      ...['run.started', 'run.paused', 'run.resumed', 'run.started', 'run.finished'],
    ]);
  });

  it('is not resumed twice, nor paused when it has ended', async () => {
    const { runs } = await service.request('runs.list', { statuses: ['finished'], limit: 1 });
    const runId = runs[0]?.id ?? 0;
    expect(await refusal(service.request('runs.resume', { runId }))).toMatchObject({ code: 'RUN_STATUS' });
    expect(await refusal(service.request('runs.pause', { runId }))).toMatchObject({ code: 'RUN_STATUS' });
  });
});

describe('a worker that is killed (SIGKILL)', () => {
  it('leaves a run that says so and, resumed, ends in the same bytes', async () => {
    const outDir = join(folder, 'killed');
    const { id } = await service.request('runs.start', longRun(outDir));
    await untilStage(service, id, 'backward', 1.2);
    process.kill(workerOf(id), 'SIGKILL');
    const interrupted = await service.untilStatus(id, 'interrupted', 'finished', 'failed');
    expect(interrupted.problem).toMatchObject({
      code: 'WORKER_DIED',
      message: expect.stringContaining('SIGKILL'),
    });
    expect(existsSync(join(data, `runs/${id}/temporary`))).toBe(false);
    await service.request('runs.resume', { runId: id });
    await service.untilStatus(id, 'finished');
    expect(outcomeOf(outDir, id)).toEqual(expected);
  });
});

describe('a service that is killed (SIGKILL)', () => {
  it('leaves a run that the next one knows as interrupted, clears its scratch, and resumes it to the same bytes', async () => {
    const outDir = join(folder, 'recovered');
    const { id } = await service.request('runs.start', longRun(outDir));
    const waiting = await service.request(
      'runs.start',
      smallRun(join(folder, 'waiting'), { evaluation: { texts: [] } }),
    );
    await untilStage(service, id, 'open-backward', 1.2);
    const worker = workerOf(id);
    await service.kill();
    for (const scratch of scratchOf(id)) mkdirSync(scratch, { recursive: true });
    writeFileSync(join(data, `runs/${id}/engine/scratch/activations.bin`), 'what a power loss leaves');

    service = await started.start(data);
    const { interrupted } = await service.request('app.info', {});
    expect(interrupted.map((run) => [run.id, run.status, run.problem?.code])).toEqual([
      [id, 'interrupted', 'SERVICE_DIED'],
    ]);
    // What had been waiting goes on by itself.
    await service.untilStatus(waiting.id, 'finished');
    expect(isAlive(worker), 'the worker has ended with its service').toBe(false);
    for (const scratch of scratchOf(id)) expect(existsSync(scratch), scratch).toBe(false);
    await service.request('runs.resume', { runId: id });
    await service.untilStatus(id, 'finished');
    expect(outcomeOf(outDir, id)).toEqual(expected);
    expect(await service.request('audit.verify', {})).toMatchObject({ isIntact: true });
  });
});

describe('a service whose parent is gone', () => {
  it('ends, and its worker with it; the run can be resumed', async () => {
    const { id } = await service.request('runs.start', longRun(join(folder, 'orphan')));
    await untilStage(service, id, 'general', 1.2);
    const worker = workerOf(id);
    const exit = once(service.child, 'exit');
    service.child.disconnect();
    await exit;
    for (let waited = 0; isAlive(worker) && waited < 100; waited++) await setTimeout(50);
    expect(isAlive(worker)).toBe(false);
    service = await started.start(data);
    expect((await service.request('runs.get', { runId: id })).summary.status).toBe('interrupted');
    await service.request('runs.cancel', { runId: id });
  });
});

describe('a run that is cancelled', () => {
  it('ends at once and leaves nothing, neither scores nor half an output', async () => {
    const outDir = join(folder, 'cancelled');
    const { id } = await service.request('runs.start', longRun(outDir));
    await untilStage(service, id, 'general', 0.2);
    const startedAtMs = performance.now();
    await service.request('runs.cancel', { runId: id });
    const cancelled = await service.untilStatus(id, 'cancelled', 'finished');
    expect(cancelled.status).toBe('cancelled');
    expect(performance.now() - startedAtMs).toBeLessThan(5000);
    expect(existsSync(join(data, `runs/${id}`))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('cancelled'))).toEqual([]);
    expect(await refusal(service.request('runs.resume', { runId: id }))).toMatchObject({
      code: 'RUN_STATUS',
    });
  });
});

describe('the queue', () => {
  it('does one run at a time, in order; a waiting one can be held back and cancelled', async () => {
    const ids: number[] = [];
    for (const name of ['q1', 'q2', 'q3']) {
      ids.push(
        (
          await service.request(
            'runs.start',
            smallRun(join(folder, name), { name, evaluation: { texts: [] } }),
          )
        ).id,
      );
    }
    const [first = 0, second = 0, third = 0] = ids;
    expect((await service.request('runs.get', { runId: third })).queuePosition).toBe(2);
    await service.request('runs.pause', { runId: second });
    await service.untilStatus(first, 'finished');
    await service.untilStatus(third, 'finished');
    expect((await service.request('runs.get', { runId: second })).summary.status).toBe('paused');
    await service.request('runs.cancel', { runId: second });
    const running = service.all('activity.changed').map((activity) => activity.running);
    expect(Math.max(...running)).toBe(1);
    expect(existsSync(join(folder, 'q2'))).toBe(false);
  });

  it('answers within 100 ms while a run is at work', async () => {
    const { id } = await service.request('runs.start', longRun(join(folder, 'busy')));
    await untilStage(service, id, 'general', 0.2);
    const questions = () =>
      Promise.all([
        service.request('runs.list', {}),
        service.request('runs.progress', { runId: id }),
        service.request('settings.get', {}),
      ]);
    expect(await quickest(questions, 20)).toBeLessThan(100);
    await service.request('runs.cancel', { runId: id });
    await service.untilStatus(id, 'cancelled');
  });
});

describe('a run that fails', () => {
  it('says why, with code and fix, and can be tried again once that is mended', async () => {
    const text = join(folder, 'later.txt');
    const request = smallRun(join(folder, 'failed'), {
      settings: { method: 'magnitude' },
      calibration: null,
      evaluation: { texts: [{ name: 'Later', role: 'domain', file: text }] },
    });
    const { id } = await service.request('runs.start', request);
    const failed = await service.untilStatus(id, 'failed', 'finished');
    expect(failed.problem).toMatchObject({ code: 'DATA_UNREADABLE', message: expect.stringContaining(text) });
    writeFileSync(text, 'Now it is there.\n');
    await service.request('runs.resume', { runId: id });
    await service.untilStatus(id, 'finished');
  });
});
