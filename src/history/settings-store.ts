import type { Kysely } from 'kysely';
import { type AppSettings, appSettings } from '../contract/app-settings.ts';
import type { Tables } from './tables.ts';

export const DEFAULT_SETTINGS: AppSettings = {
  theme: 'system',
  retentionDays: null,
  keepScores: true,
  keepAwake: true,
};

/** What the person has set; the rest are defaults. */
export class SettingsStore {
  private readonly query: Kysely<Tables>;

  constructor(query: Kysely<Tables>) {
    this.query = query;
  }

  async get(): Promise<AppSettings> {
    const rows = await this.query.selectFrom('settings').selectAll().execute();
    const stored = Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)]));
    return appSettings.parse({ ...DEFAULT_SETTINGS, ...stored });
  }

  async change(
    changes: { readonly [Name in keyof AppSettings]?: AppSettings[Name] | undefined },
  ): Promise<void> {
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) continue;
      await this.query
        .insertInto('settings')
        .values({ name, value: JSON.stringify(value) })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: JSON.stringify(value) }))
        .execute();
    }
  }
}
