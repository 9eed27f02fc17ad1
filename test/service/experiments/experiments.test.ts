import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentRequestInput } from '../../../src/contract/experiment-request.ts';
import type { ExperimentSummary } from '../../../src/contract/known-experiment.ts';
import type { RunStatus, RunSummary } from '../../../src/contract/run.ts';
import type { ExperimentProgress } from '../../../src/contract/run-progress.ts';
import { DEMO_MODEL } from '../../../src/service/demo.ts';
import { refusal } from '../../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';
import { type ServiceProcess, services } from '../service-process.ts';
import { LEGAL_TEXT, smallRun } from '../small-run.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const started = services();
afterAll(started.killAll);

let service: ServiceProcess;
let run: RunSummary;
beforeAll(async () => {
  service = await started.start(data);
  const { id } = await service.request('runs.start', smallRun(join(folder, 'pruned')));
  run = await service.untilStatus(id, 'finished', 'failed');
});

describe('a sweep', () => {
  it('prunes at each point and finds what the run found; only its report stays', async () => {
    const { id } = await start(sweep({ values: ['0.3', '0.5'], lender: run.id }));
    const ended = await untilEnded(service, id);
    expect(ended).toMatchObject({ status: 'finished', problem: null, modelName: 'Demo model' });
    expect(ended.workedMs).toBeGreaterThan(0);
    const report = await service.request('experiments.report', { experimentId: id });
    expect(report.tables[0]?.rows.map(([point]) => point)).toEqual(['dense', '30 %', '50 %']);
    const legal = report.tables[0]?.columns.findIndex(({ name }) => name === 'Legal') ?? 0;
    expect(report.tables[0]?.rows[2]?.[legal]).toBeCloseTo(run.domainPerplexity?.pruned ?? 0, 10);
    expect(readdirSync(join(data, `experiments/${id}`))).toEqual(['report.json']);
    // The run has lent its scores.
    const stages = progressOf(id).map(({ stage }) => stage);
    expect(stages).toContain('evaluate');
    expect(stages).not.toContain('backward');
  });

  it('is in the audit trail with its data by hash', async () => {
    const { id } = await start(sweep({ values: ['0.4'] }));
    await untilEnded(service, id);
    const { entries } = await service.request('audit.list', { text: `experiment ${id}` });
    expect(entries.map(({ action }) => action)).toEqual([
      ...['experiment.finished', 'experiment.started', 'experiment.queued'],
    ]);
    expect(JSON.stringify(entries[1]?.details)).toMatch(/legal-calibration.jsonl","sha256":"[0-9a-f]{64}"/);
  });

  it('can be saved, opened from there, and deleted with all that it has', async () => {
    const { experiments } = await service.request('experiments.list', {});
    const experimentId = experiments[0]?.id ?? 0;
    const file = join(folder, 'sweep.json');
    await service.request('experiments.save', { experimentId, file });
    expect(await service.request('experiments.open', { file })).toEqual(
      await service.request('experiments.report', { experimentId }),
    );
    expect(await refusal(service.request('experiments.save', { experimentId, file }))).toMatchObject({
      code: 'FILE_EXISTS',
    });
    const page = join(folder, 'sweep.html');
    await service.request('experiments.save', { experimentId, file: page });
    const text = readFileSync(page, 'utf8');
    const found = await service.request('experiments.report', { experimentId });
    for (const { sha256 } of found.texts) expect(text).toContain(sha256);
    expect(text).toMatch(
      /<h1>Sparsity: .*<svg .*<h2>Sparsity<\/h2><table>.*<td class="number">40\.0 %<\/td>/s,
    );
    expect(text).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    const { freedBytes } = await service.request('experiments.remove', { experimentId });
    expect(freedBytes).toBeGreaterThan(1000);
    expect(existsSync(join(data, `experiments/${experimentId}`))).toBe(false);
    expect(await refusal(service.request('experiments.get', { experimentId }))).toMatchObject({
      code: 'EXPERIMENT_UNKNOWN',
    });
  });
});

describe('experiments on finished runs', () => {
  it('compare masks and draw importances', async () => {
    const other = smallRun(join(folder, 'other'), { name: 'Small', settings: { ...small, seed: 1 } });
    const { id: second } = await service.request('runs.start', other);
    await service.untilStatus(second, 'finished', 'failed');
    const runIds = [run.id, second];
    const pairs = await reportOf({ experiment: 'similarity', name: 'Seeds', runIds });
    expect(pairs.tables[0]?.rows[0]?.[0]).toBe(`Small (run ${run.id}) and Small (run ${second})`);
    const shares = await reportOf({ experiment: 'distributions', name: 'Scores', runIds: [run.id] });
    expect(shares.plots.map(({ title }) => title)).toEqual(['Small, by layer', 'Small, by module']);
    // Runs whose scores are gone are refused at once.
    rmSync(join(data, `runs/${second}/engine`), { recursive: true });
    expect(await refusal(start({ experiment: 'similarity', name: 'Late', runIds }))).toMatchObject({
      code: 'SCORES_MISSING',
      message: '“Small” has no scores to look into: they were removed.',
    });
  });

  it('set the empirical Fisher beside the second derivative', async () => {
    const few = { samples: 1, sequenceLength: 16, weights: 1 };
    const report = await reportOf({
      ...{ experiment: 'fisher', name: 'Fisher', modelDir: DEMO_MODEL, text: LEGAL_TEXT, ...few },
    });
    expect(report.plots[0]?.kind).toBe('lines');
  });
});

describe('the queue', () => {
  it('lets runs go first, one worker at a time', async () => {
    const first = await service.request('runs.start', smallRun(join(folder, 'ahead')));
    const waiting = await start(sweep({ values: ['0.5'], lender: run.id }));
    const last = await service.request('runs.start', smallRun(join(folder, 'behind')));
    const detail = await service.request('experiments.get', { experimentId: waiting.id });
    expect(detail).toMatchObject({ summary: { status: 'queued' }, queuePosition: 1 });
    expect((await service.request('app.info', {})).experiments).toEqual({ running: 0, queued: 1 });
    await untilEnded(service, waiting.id);
    for (const { id } of [first, last])
      expect((await service.request('runs.get', { runId: id })).summary.status).toBe('finished');
    expect(Math.max(...service.all('activity.changed').map(({ running }) => running))).toBe(1);
    await service.until(() => service.last('activity.changed')?.running === 0);
  });

  it('pauses an experiment and goes on with what it had; a killed worker’s, too', async () => {
    const { id } = await start(longSweep());
    await service.until(() => progressOf(id).some(({ stage, done }) => stage === 'general' && done > 1));
    const { stopping } = await service.request('experiments.pause', { experimentId: id });
    expect(stopping).toBe('pause');
    expect(await untilEnded(service, id)).toMatchObject({ status: 'paused', problem: null });
    expectNoScratch(id);
    await service.request('experiments.resume', { experimentId: id });
    await service.until(() => progressOf(id).some(({ stage, done }) => stage === 'backward' && done > 1));
    process.kill(Number(readFileSync(join(data, `experiments/${id}/work/lock`), 'utf8')), 'SIGKILL');
    expect(await untilEnded(service, id)).toMatchObject({
      status: 'interrupted',
      problem: { code: 'WORKER_DIED' },
    });
    const before = progressOf(id).length;
    await service.request('experiments.resume', { experimentId: id });
    expect(await untilEnded(service, id)).toMatchObject({ status: 'finished' });
    const after = progressOf(id).slice(before);
    expect(stagesWorkedOn(after)).not.toContain('general');
  });

  it('gives up one that waits and one at work, and leaves nothing of them', async () => {
    const atWork = await start(longSweep());
    const waiting = await start(sweep({}));
    expect(await refusal(service.request('experiments.remove', { experimentId: waiting.id }))).toMatchObject({
      code: 'EXPERIMENT_STATUS',
    });
    await service.request('experiments.cancel', { experimentId: waiting.id });
    await service.until(() => progressOf(atWork.id).length > 0);
    await service.request('experiments.cancel', { experimentId: atWork.id });
    for (const { id } of [atWork, waiting]) {
      expect(await untilEnded(service, id)).toMatchObject({ status: 'cancelled' });
      expect(existsSync(join(data, `experiments/${id}`))).toBe(false);
    }
  });
});

describe('a service that is killed', () => {
  it('finds its experiment interrupted afterwards and brings it to its end', async () => {
    const { id } = await start(longSweep());
    await service.until(() => progressOf(id).some(({ stage, done }) => stage === 'general' && done > 1));
    await service.kill();
    service = await started.start(data);
    const { summary } = await service.request('experiments.get', { experimentId: id });
    expect(summary).toMatchObject({ status: 'interrupted', problem: { code: 'SERVICE_DIED' } });
    await service.request('experiments.resume', { experimentId: id });
    expect(await untilEnded(service, id)).toMatchObject({ status: 'finished', problem: null });
    expectNoScratch(id);
  });

  it('told to end stops the one at work, to be resumed', async () => {
    const { id } = await start(longSweep());
    await service.until(() => progressOf(id).length > 0);
    await service.stop();
    service = await started.start(data);
    const { summary } = await service.request('experiments.get', { experimentId: id });
    expect(summary.status).toBe('interrupted');
    await service.request('experiments.cancel', { experimentId: id });
  });
});

it('the policy’s folders hold for experiments, too', async () => {
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify({ allowedFolders: [join(folder, 'allowed')] }));
  const other = await started.start(join(folder, 'policed'), { args: ['--policy', policy] });
  const outside = { ...sweep({}), modelDir: join(folder, 'pruned') };
  expect(await refusal(other.request('experiments.start', outside))).toMatchObject({ code: 'POLICY_FOLDER' });
  const text = join(folder, 'pruned', 'README.md');
  const fisher = { experiment: 'fisher' as const, name: 'Fisher', modelDir: DEMO_MODEL, text };
  expect(await refusal(other.request('experiments.start', fisher))).toMatchObject({ code: 'POLICY_FOLDER' });
  await other.stop();
});

const { settings: small } = smallRun('unused');

/** @param changes of a sweep of the sparsity with a small run's texts */
function sweep(changes: { values?: string[]; lender?: number }) {
  const { modelDir, settings, calibration, evaluation } = smallRun('unused');
  if (!calibration) throw new Error('a small run has a calibration');
  const experiment = 'sparsity' as const;
  return { experiment, name: 'How much goes', modelDir, settings, calibration, evaluation, ...changes };
}

function longSweep() {
  const settings = { ...small, samples: 96, sequenceLength: 192, openSamples: 64, openSequenceLength: 192 };
  const evaluation = {
    texts: [{ name: 'Legal', role: 'domain' as const, file: LEGAL_TEXT }],
    maxTokens: 200,
  };
  return { ...sweep({ values: ['0.5'] }), name: 'Long', settings, evaluation };
}

const start = (request: ExperimentRequestInput) => service.request('experiments.start', request);

async function reportOf(request: ExperimentRequestInput) {
  const { id } = await start(request);
  expect(await untilEnded(service, id)).toMatchObject({ status: 'finished', problem: null });
  return service.request('experiments.report', { experimentId: id });
}

/** A stage whose layers are there already is begun and passed over. */
const stagesWorkedOn = (progress: readonly ExperimentProgress[]) => [
  ...new Set(progress.filter(({ done, total }) => done > 0 && done < total).map(({ stage }) => stage)),
];

const progressOf = (id: number) =>
  service.all('experiment.progress').filter(({ experimentId }) => experimentId === id);

async function untilEnded(one: ServiceProcess, id: number): Promise<ExperimentSummary> {
  const find = () => one.all('experiment.changed').findLast((summary) => summary.id === id);
  const open: RunStatus[] = ['queued', 'running'];
  await one.until(() => one.isGone || !open.includes(find()?.status ?? 'queued'));
  const found = find();
  if (!found) throw new Error('the service ended before');
  return found;
}

function expectNoScratch(id: number): void {
  const left = existsSync(join(data, `experiments/${id}`))
    ? readdirSync(join(data, `experiments/${id}`), { recursive: true }).map(String)
    : [];
  expect(left.filter((path) => /scratch|temporary/.test(path))).toEqual([]);
}
