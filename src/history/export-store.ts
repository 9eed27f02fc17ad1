import type { Kysely, Selectable } from 'kysely';
import { UserError } from '../contract/error.ts';
import { type ModelExport, modelExport } from '../contract/model-export.ts';
import type { Tables } from './tables.ts';

/** The models that were made of runs' scores. */
export class ExportStore {
  private readonly query: Kysely<Tables>;

  constructor(query: Kysely<Tables>) {
    this.query = query;
  }

  async add(begun: Omit<ModelExport, 'id'>): Promise<ModelExport> {
    const { runId, status, createdAt } = begun;
    const { id } = await this.query
      .insertInto('exports')
      .values({ run_id: runId, status, created_at: createdAt, export: '{}' })
      .returning('id')
      .executeTakeFirstOrThrow();
    return this.save({ ...begun, id });
  }

  async save(changed: ModelExport): Promise<ModelExport> {
    await this.query
      .updateTable('exports')
      .set({ status: changed.status, export: JSON.stringify(changed) })
      .where('id', '=', changed.id)
      .execute();
    return changed;
  }

  /** @throws UserError EXPORT_UNKNOWN */
  async get(id: number): Promise<ModelExport> {
    const row = await this.query.selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return toExport(row);
    throw new UserError('EXPORT_UNKNOWN', `There is no export ${id}.`, 'Its run may have been deleted.');
  }

  async ofRun(runId: number): Promise<ModelExport[]> {
    const rows = await this.query
      .selectFrom('exports')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('id')
      .execute();
    return rows.map(toExport);
  }

  /** Those that a crash left behind. */
  async running(): Promise<ModelExport[]> {
    const rows = await this.query.selectFrom('exports').selectAll().where('status', '=', 'running').execute();
    return rows.map(toExport);
  }
}

const toExport = (row: Selectable<Tables['exports']>): ModelExport =>
  modelExport.parse(JSON.parse(row.export));
