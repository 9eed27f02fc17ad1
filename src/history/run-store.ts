import type { Kysely } from 'kysely';
import { UserError } from '../contract/error.ts';
import type { RunStatus } from '../contract/run.ts';
import type { UsedDataset } from '../contract/used-dataset.ts';
import type { RunOutcome } from './run-outcome.ts';
import { figureColumns, type NewRun, type StoredRun, searchText, toNewRow, toStored } from './run-row.ts';
import type { Tables } from './tables.ts';
import { usedDatasets } from './used-datasets.ts';
import { type Attempt, begun, ENDED, ended, queued } from './work-changes.ts';

/** A data file by what identifies it. */
export interface DatasetUse {
  readonly part: string;
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The runs of the history. */
export class RunStore {
  private readonly query: Kysely<Tables>;

  constructor(query: Kysely<Tables>) {
    this.query = query;
  }

  async add(run: NewRun): Promise<StoredRun> {
    const row = await this.query
      .insertInto('runs')
      .values(toNewRow(run))
      .returningAll()
      .executeTakeFirstOrThrow();
    return toStored(row);
  }

  /** @throws UserError RUN_UNKNOWN */
  async get(id: number): Promise<StoredRun> {
    const row = await this.query.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return toStored(row);
    throw new UserError(
      'RUN_UNKNOWN',
      `There is no run ${id} in the history; it may have been deleted.`,
      'Choose another run.',
    );
  }

  async withStatus(...statuses: RunStatus[]): Promise<StoredRun[]> {
    const rows = await this.query
      .selectFrom('runs')
      .selectAll()
      .where('status', 'in', statuses)
      .orderBy('queued_at')
      .orderBy('id')
      .execute();
    return rows.map(toStored);
  }

  async count(status: RunStatus): Promise<number> {
    const { count } = await this.query
      .selectFrom('runs')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('status', '=', status)
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Place in the queue from 1; null unless queued. */
  async queuePosition(id: number): Promise<number | null> {
    const queue = await this.query
      .selectFrom('runs')
      .select('id')
      .where('status', '=', 'queued')
      .orderBy('queued_at')
      .orderBy('id')
      .execute();
    const index = queue.findIndex((run) => run.id === id);
    return index === -1 ? null : index + 1;
  }

  /** Back into the queue, at its end. */
  async enqueue(id: number, at: string): Promise<StoredRun> {
    return this.update(id, queued(at));
  }

  async begin(id: number, at: string): Promise<StoredRun> {
    return this.update(id, begun((await this.get(id)).summary, at));
  }

  /** After an attempt that took `workedMs`. */
  async end(id: number, status: RunStatus, attempt: Attempt): Promise<StoredRun> {
    return this.update(id, ended((await this.get(id)).summary, status, attempt));
  }

  async setOutcome(id: number, outcome: RunOutcome): Promise<StoredRun> {
    return this.update(id, { outcome: JSON.stringify(outcome), ...figureColumns(outcome) });
  }

  async rename(id: number, name: string): Promise<StoredRun> {
    const { summary, request } = await this.get(id);
    const { modelName, domain, outDir } = summary;
    const search = searchText(name, modelName, domain, outDir);
    return this.update(id, { name, search, request: JSON.stringify({ ...request, name }) });
  }

  async remove(id: number): Promise<void> {
    await this.query.deleteFrom('runs').where('id', '=', id).execute();
    await this.query
      .deleteFrom('datasets')
      .where('id', 'not in', this.query.selectFrom('run_datasets').select('dataset_id'))
      .execute();
  }

  /** Ended runs of before `time`. */
  async endedBefore(time: string): Promise<StoredRun[]> {
    const rows = await this.query
      .selectFrom('runs')
      .selectAll()
      .where('status', 'in', ENDED)
      .where(({ fn }) => fn.coalesce('ended_at', 'created_at'), '<', time)
      .execute();
    return rows.map(toStored);
  }

  async setDatasets(id: number, uses: readonly DatasetUse[]): Promise<void> {
    await this.query.deleteFrom('run_datasets').where('run_id', '=', id).execute();
    for (const { part, path, sha256, bytes } of uses) {
      const dataset = await this.query
        .insertInto('datasets')
        .values({ path, sha256, bytes })
        .onConflict((conflict) => conflict.columns(['path', 'sha256']).doUpdateSet({ bytes }))
        .returning('id')
        .executeTakeFirstOrThrow();
      await this.query
        .insertInto('run_datasets')
        .values({ run_id: id, dataset_id: dataset.id, part })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  async datasetsOf(id: number): Promise<DatasetUse[]> {
    return this.query
      .selectFrom('run_datasets')
      .innerJoin('datasets', 'datasets.id', 'run_datasets.dataset_id')
      .select(['part', 'path', 'sha256', 'bytes'])
      .where('run_id', '=', id)
      .orderBy('part')
      .orderBy('path')
      .execute();
  }

  usedDatasets(): Promise<UsedDataset[]> {
    return usedDatasets(this.query);
  }

  private async update(
    id: number,
    changes: Partial<Omit<Tables['runs'], 'id' | 'worked_ms'>> & { worked_ms?: number },
  ) {
    const row = await this.query
      .updateTable('runs')
      .set(changes)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    return row ? toStored(row) : this.get(id);
  }
}
