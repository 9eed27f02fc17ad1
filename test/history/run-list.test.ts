import { join } from 'node:path';
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunQuery, runQuery } from '../../src/contract/run.ts';
import { type History, openHistory } from '../../src/history/open-history.ts';
import { listRuns } from '../../src/history/run-list.ts';
import { RunStore } from '../../src/history/run-store.ts';
import type { Tables } from '../../src/history/tables.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { quickest } from '../quickest.ts';
import { addManyRuns } from './many-runs.ts';
import { newRun } from './new-run.ts';

const folder = temporaryFolder();
const RUNS = 10_000;

let history: History;
let store: RunStore;
beforeAll(async () => {
  history = openHistory({ file: join(folder, 'history.sqlite'), backupFolder: join(folder, 'backups') });
  store = new RunStore(history.query);
  await addManyRuns(history, RUNS);
});
afterAll(() => history.close());

const list = (query: RunQuery) => listRuns(history.query, runQuery.parse(query));

describe('a history of 10,000 runs', () => {
  it('is shown newest first, a page at a time', async () => {
    const { total, runs } = await list({ limit: 3, offset: 5 });
    expect(total).toBe(RUNS);
    expect(runs.map(({ name }) => name)).toEqual(['Ward 9994', 'Ward 9993', 'Ward 9992']);
  });

  it('is filtered by words in any order and case, and by status', async () => {
    const { total, runs } = await list({ text: 'SMOLLM2 99', statuses: ['finished'], limit: 500 });
    expect(total).toBe(runs.length);
    expect(runs.length).toBeGreaterThan(20);
    for (const { name, modelName, status } of runs) {
      expect([name.includes('99'), modelName, status]).toEqual([true, 'SmolLM2', 'finished']);
    }
    expect((await list({ text: '%' })).total, 'a percent sign means itself').toBe(0);
    expect((await list({ text: "'; DROP TABLE runs" })).total).toBe(0);
  });

  it('is sorted by any column; runs without a figure come last either way', async () => {
    const best = await list({ orderBy: 'generalPerplexity', descending: false, limit: 2 });
    expect(best.runs.map(({ generalPerplexity }) => generalPerplexity?.pruned)).toEqual([500, 500.1]);
    const worst = await list({ orderBy: 'generalPerplexity', descending: true, limit: 1 });
    expect(worst.runs[0]?.generalPerplexity?.pruned).toBe(999.9);
    const none = await list({ orderBy: 'generalPerplexity', descending: true, offset: RUNS / 2, limit: 1 });
    expect(none.runs[0]?.generalPerplexity).toBe(null);
    const names = await list({ orderBy: 'modelName', descending: false, limit: 1 });
    expect(names.runs[0]?.modelName).toBe('Llama 3');
  });

  it('answers every page and filter within 100 ms', async () => {
    const queries: RunQuery[] = [
      {},
      { offset: RUNS - 50 },
      { text: 'ward 7 mistral' },
      { text: 'nothing that is there' },
      { orderBy: 'generalPerplexity', descending: false, offset: 4000, limit: 500 },
      { orderBy: 'name', statuses: ['finished', 'cancelled'] },
    ];
    for (const query of queries) {
      expect(await quickest(() => list(query)), JSON.stringify(query)).toBeLessThan(100);
    }
  });

  it('reads a page in its order from an index, and searches without the long columns', async () => {
    for (const query of [{}, { descending: false }, { text: 'ward' }]) {
      for (const steps of await plansOf(query)) {
        expect(steps).toHaveLength(1);
        expect(steps[0]).toMatch(/^SCAN runs USING (COVERING )?INDEX/);
      }
    }
  });
});

/** How the database goes about each of the questions that a page of the list is made of. */
async function plansOf(query: RunQuery): Promise<string[][]> {
  const asked: CompiledQuery[] = [];
  const overheard = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: history.database }),
    log: (event) => void asked.push(event.query),
  });
  await listRuns(overheard, runQuery.parse(query));
  return asked.map(({ sql, parameters }) => {
    const plan = history.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
    return (plan as { detail: string }[]).map(({ detail }) => detail);
  });
}

describe('the queue', () => {
  it('is in the order of putting in, not of creation', async () => {
    for (const name of ['first', 'second', 'third']) await store.add(newRun({ name }));
    const [first, second] = await store.withStatus('queued');
    await store.enqueue(first?.summary.id ?? 0, new Date().toISOString());
    const queue = await store.withStatus('queued');
    expect(queue[0]?.summary.id).toBe(second?.summary.id);
    expect(queue.at(-1)?.summary.id).toBe(first?.summary.id);
    expect(await store.queuePosition(first?.summary.id ?? 0)).toBe(queue.length);
  });
});
