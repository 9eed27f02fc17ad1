import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Kysely, Selectable } from 'kysely';
import { UserError } from '../contract/error.ts';
import { type KnownModel, type ModelInspection, modelInspection } from '../contract/model.ts';
import type { Tables } from './tables.ts';

/** The models that the person has added, by their folders. */
export class ModelStore {
  private readonly query: Kysely<Tables>;

  constructor(query: Kysely<Tables>) {
    this.query = query;
  }

  /** Newest first. */
  async list(): Promise<KnownModel[]> {
    const rows = await this.query.selectFrom('models').selectAll().orderBy('added_at', 'desc').execute();
    return rows.map(toModel);
  }

  /** Adds a folder, or brings what is known of it up to date. */
  async save(inspection: ModelInspection, name: string | null, at: string): Promise<KnownModel> {
    const { dir } = inspection;
    const values = { fingerprint: inspection.fingerprint ?? '', inspection: JSON.stringify(inspection) };
    const row = await this.query
      .insertInto('models')
      .values({ ...values, name: name ?? basename(dir), dir, added_at: at })
      .onConflict((conflict) =>
        conflict.column('dir').doUpdateSet({ ...values, ...(name !== null && { name }) }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return toModel(row);
  }

  /** The name that a folder is known by; its own where it is not known. */
  async nameOf(dir: string): Promise<string> {
    const row = await this.query
      .selectFrom('models')
      .select('name')
      .where('dir', '=', dir)
      .executeTakeFirst();
    return row?.name ?? basename(dir);
  }

  /** @throws UserError MODEL_UNKNOWN */
  async remove(id: string): Promise<KnownModel> {
    const row = await this.query
      .deleteFrom('models')
      .where('id', '=', Number(id))
      .returningAll()
      .executeTakeFirst();
    if (row) return toModel(row);
    throw new UserError(
      'MODEL_UNKNOWN',
      `There is no model ${id} in the list.`,
      'The demo model cannot be removed; others may be gone already.',
    );
  }
}

function toModel(row: Selectable<Tables['models']>): KnownModel {
  const inspection = modelInspection.parse(JSON.parse(row.inspection));
  const problems = existsSync(row.dir) ? [] : [gone(row.dir)];
  return {
    id: String(row.id),
    name: row.name,
    isDemo: false,
    addedAt: row.added_at,
    inspection: { ...inspection, problems },
  };
}

const gone = (dir: string) => ({
  code: 'CHECKPOINT_NOT_FOUND',
  message: `There is no folder ${dir} any more.`,
  fix: 'Connect its disk or put it back, or remove the model from the list.',
});
