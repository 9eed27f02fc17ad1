import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { RunSummary } from '../../../src/contract/run.ts';
import type { RunProgress } from '../../../src/contract/run-progress.ts';
import type { Emit } from '../../../src/service/events.ts';
import { Folders } from '../../../src/service/folders.ts';
import { openLog } from '../../../src/service/log.ts';
import { openKeeper } from '../../../src/service/open-keeper.ts';
import { PolicyRules } from '../../../src/service/policy-rules.ts';
import { runWork } from '../../../src/service/runs/run-work.ts';
import { WorkQueue } from '../../../src/service/work/work-queue.ts';
import { Workbench } from '../../../src/service/work/workbench.ts';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';
import { smallRun } from '../small-run.ts';

const folder = temporaryFolder();
const folders = new Folders(join(folder, 'data'), null);
folders.create();
const keeper = openKeeper(folders, PolicyRules.read(join(folder, 'no-policy.json')), openLog(folders.logs));
const told: RunSummary[] = [];
const listeners = new Set<() => void>();
const emit: Emit = (name, payload) => {
  if (name === 'run.changed') told.push(payload as RunSummary);
  for (const listener of listeners) listener();
};
const bench = new Workbench((error) => {
  throw error;
});
const queue = new WorkQueue<RunSummary, RunProgress>(runWork(keeper, emit), bench, keeper, () => {});
afterAll(async () => {
  await queue.close(0);
  keeper.history.close();
});

it('a history whose disk is full stops its run, says so, and lets it be resumed once there is space', async () => {
  const full = await add('full');
  const next = await add('next');
  await queue.next();
  await until(() => queue.progressOf(full) !== null);
  setMostPages(keeper.history.database.pragma('page_count', { simple: true }) as number);
  await until(() => statusOf(full) === 'interrupted');
  expect(await live(full)).toMatchObject({
    status: 'interrupted',
    problem: {
      code: 'DISK_FULL',
      message: `The disk is full: the run history ${folders.databaseFile} could not be written.`,
    },
  });
  setMostPages(2 ** 30);
  await queue.resume(full);
  await until(() => statusOf(full) === 'finished');
  expect(await live(full)).toMatchObject({ status: 'finished', problem: null });
  expect(existsSync((await live(full)).outDir)).toBe(true);
  await until(() => ['finished', 'interrupted'].includes(statusOf(next) ?? ''));
});

const setMostPages = (pages: number) => keeper.history.database.pragma(`max_page_count = ${pages}`);

async function add(name: string): Promise<number> {
  const { summary } = await keeper.runs.add({
    request: smallRun(join(folder, name), { name }),
    ...{ modelName: 'Demo model', appVersion: '0', repeats: null, at: new Date().toISOString() },
  });
  return summary.id;
}

const live = async (id: number) => queue.live((await keeper.runs.get(id)).summary);

const statusOf = (id: number) => told.findLast((summary) => summary.id === id)?.status;

function until(holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve) => {
    const listener = () => {
      if (!holds()) return;
      listeners.delete(listener);
      resolve();
    };
    listeners.add(listener);
  });
}
