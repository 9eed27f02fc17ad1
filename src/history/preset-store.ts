import type { Kysely, Selectable } from 'kysely';
import { UserError } from '../contract/error.ts';
import { type Preset, type PresetEntry, preset } from '../contract/preset.ts';
import type { Tables } from './tables.ts';

const PREFIX = 'custom:';

/** The person's own presets. */
export class PresetStore {
  private readonly query: Kysely<Tables>;

  constructor(query: Kysely<Tables>) {
    this.query = query;
  }

  async list(): Promise<PresetEntry[]> {
    const rows = await this.query.selectFrom('presets').selectAll().orderBy('id').execute();
    return rows.map(toEntry);
  }

  async add(saved: Preset, at: string): Promise<PresetEntry> {
    const row = await this.query
      .insertInto('presets')
      .values({ preset: JSON.stringify(saved), saved_at: at })
      .returningAll()
      .executeTakeFirstOrThrow();
    return toEntry(row);
  }

  /** @throws UserError PRESET_UNKNOWN */
  async replace(id: string, saved: Preset, at: string): Promise<PresetEntry> {
    const row = await this.query
      .updateTable('presets')
      .set({ preset: JSON.stringify(saved), saved_at: at })
      .where('id', '=', numberOf(id))
      .returningAll()
      .executeTakeFirst();
    if (!row) throw unknownPreset(id);
    return toEntry(row);
  }

  /** @throws UserError PRESET_UNKNOWN */
  async remove(id: string): Promise<void> {
    const { numDeletedRows } = await this.query
      .deleteFrom('presets')
      .where('id', '=', numberOf(id))
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw unknownPreset(id);
  }
}

const numberOf = (id: string): number => (id.startsWith(PREFIX) ? Number(id.slice(PREFIX.length)) || 0 : 0);

const toEntry = (row: Selectable<Tables['presets']>): PresetEntry => ({
  id: `${PREFIX}${row.id}`,
  kind: 'custom',
  preset: preset.parse(JSON.parse(row.preset)),
});

export const unknownPreset = (id: string) =>
  new UserError(
    'PRESET_UNKNOWN',
    `There is no preset ${id} of your own.`,
    'Those that come with the program are not changed or removed; save a changed one as your own.',
  );
