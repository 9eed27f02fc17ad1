import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ExperimentStore } from '../../src/history/experiment-store.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { refusal } from '../engine/checkpoint/refusal.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { newExperiment } from './new-experiment.ts';

const folder = temporaryFolder();
const open = () =>
  openHistory({ file: join(folder, 'history.sqlite'), backupFolder: join(folder, 'backups') });
const problem = { code: 'WORKER_DIED', message: 'It ended.', fix: 'Resume it.' };

it('keeps experiments with what became of them, and their order in the queue, over a restart', async () => {
  const before = open();
  const store = new ExperimentStore(before.query);
  const ids: number[] = [];
  for (const name of ['first', 'second']) ids.push((await store.add(newExperiment(name))).summary.id);
  const [first = 0, second = 0] = ids;
  await store.begin(first, '2026-01-01T11:00:00.000Z');
  await store.end(first, 'interrupted', { at: '2026-01-01T11:01:00.000Z', workedMs: 60_000, problem });
  await store.enqueue(first, '2026-01-01T12:00:00.000Z');
  before.close();

  const history = open();
  const again = new ExperimentStore(history.query);
  const queued = await again.withStatus('queued');
  expect(queued.map(({ summary }) => summary.name)).toEqual(['second', 'first']);
  expect((await again.list(0, 10)).map(({ summary }) => summary.id)).toEqual([second, first]);
  expect(await again.get(first)).toMatchObject({
    summary: {
      ...{ name: 'first', experiment: 'distributions', status: 'queued', workedMs: 60_000, problem: null },
      ...{ startedAt: '2026-01-01T11:00:00.000Z', endedAt: null, modelName: 'Small' },
    },
    request: { runIds: [1] },
  });
  expect([await again.count(), await again.count('queued'), await again.count('running')]).toEqual([2, 2, 0]);
  await again.remove(first);
  expect(await refusal(again.get(first))).toMatchObject({ code: 'EXPERIMENT_UNKNOWN' });
  history.close();
});
