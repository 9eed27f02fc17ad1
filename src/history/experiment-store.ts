import type { Kysely, Selectable } from 'kysely';
import { UserError } from '../contract/error.ts';
import { type ExperimentRequest, experimentRequest } from '../contract/experiment-request.ts';
import type { ExperimentSummary } from '../contract/known-experiment.ts';
import { problem } from '../contract/problem.ts';
import type { RunStatus } from '../contract/run.ts';
import type { Tables } from './tables.ts';
import { type Attempt, begun, ENDED, ended, queued } from './work-changes.ts';

export interface StoredExperiment {
  readonly summary: ExperimentSummary;
  readonly request: ExperimentRequest;
}

interface NewExperiment {
  readonly request: ExperimentRequest;
  readonly modelName: string;
  readonly modelDir: string;
  readonly at: string;
}

/** The experiments that were started in the application; what they found is in files of their own. */
export class ExperimentStore {
  private readonly query: Kysely<Tables>;

  constructor(query: Kysely<Tables>) {
    this.query = query;
  }

  async add({ request, modelName, modelDir, at }: NewExperiment): Promise<StoredExperiment> {
    const { name, experiment } = request;
    const row = await this.query
      .insertInto('experiments')
      .values({
        ...{ name, experiment, status: 'queued', created_at: at, queued_at: at },
        ...{ model_name: modelName, model_dir: modelDir, request: JSON.stringify(request) },
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return toStored(row);
  }

  /** @throws UserError EXPERIMENT_UNKNOWN */
  async get(id: number): Promise<StoredExperiment> {
    const row = await this.query
      .selectFrom('experiments')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row) return toStored(row);
    throw new UserError(
      'EXPERIMENT_UNKNOWN',
      `There is no experiment ${id}; it may have been deleted.`,
      'Choose another experiment.',
    );
  }

  /** Newest first. */
  async list(offset: number, limit: number): Promise<StoredExperiment[]> {
    const rows = await this.query
      .selectFrom('experiments')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute();
    return rows.map(toStored);
  }

  /** In the order in which they were put into the queue. */
  async withStatus(...statuses: RunStatus[]): Promise<StoredExperiment[]> {
    const rows = await this.query
      .selectFrom('experiments')
      .selectAll()
      .where('status', 'in', statuses)
      .orderBy('queued_at')
      .orderBy('id')
      .execute();
    return rows.map(toStored);
  }

  /** With one of these statuses; without any: all. */
  async count(...statuses: RunStatus[]): Promise<number> {
    const all = this.query.selectFrom('experiments').select(({ fn }) => fn.countAll<number>().as('count'));
    const some = statuses.length > 0 ? all.where('status', 'in', statuses) : all;
    return (await some.executeTakeFirstOrThrow()).count;
  }

  /** Back into the queue, at its end. */
  enqueue(id: number, at: string): Promise<StoredExperiment> {
    return this.update(id, queued(at));
  }

  async begin(id: number, at: string): Promise<StoredExperiment> {
    return this.update(id, begun((await this.get(id)).summary, at));
  }

  /** After an attempt that took `workedMs`. */
  async end(id: number, status: RunStatus, attempt: Attempt): Promise<StoredExperiment> {
    return this.update(id, ended((await this.get(id)).summary, status, attempt));
  }

  async remove(id: number): Promise<void> {
    await this.query.deleteFrom('experiments').where('id', '=', id).execute();
  }

  /** Ended ones of before `time`. */
  async endedBefore(time: string): Promise<StoredExperiment[]> {
    const rows = await this.query
      .selectFrom('experiments')
      .selectAll()
      .where('status', 'in', ENDED)
      .where(({ fn }) => fn.coalesce('ended_at', 'created_at'), '<', time)
      .execute();
    return rows.map(toStored);
  }

  private async update(id: number, changes: Partial<Omit<Selectable<Tables['experiments']>, 'id'>>) {
    const row = await this.query
      .updateTable('experiments')
      .set(changes)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    return row ? toStored(row) : this.get(id);
  }
}

const toStored = (row: Selectable<Tables['experiments']>): StoredExperiment => ({
  summary: {
    ...{ id: row.id, name: row.name, experiment: row.experiment, status: row.status, stopping: null },
    ...{ createdAt: row.created_at, startedAt: row.started_at, endedAt: row.ended_at },
    ...{ workedMs: row.worked_ms, modelName: row.model_name, modelDir: row.model_dir },
    problem: row.problem === null ? null : problem.parse(JSON.parse(row.problem)),
  },
  request: experimentRequest.parse(JSON.parse(row.request)),
});
