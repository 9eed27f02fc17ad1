import { z } from 'zod';

/** What a person can set for the whole application. */
export const appSettings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** Ended runs are deleted with their files after so many days; null: never. */
  retentionDays: z.int().min(1).max(36500).nullable(),
  /** Keep the scores of finished runs, which the sliders and re-exports need. */
  keepScores: z.boolean(),
  /** Keep the computer awake while a run is at work. */
  keepAwake: z.boolean(),
});
export type AppSettings = z.infer<typeof appSettings>;

export const settingsView = z.object({
  settings: appSettings,
  /** Names of the settings that the administrators' policy decides, `dataFolder` among them where it does. */
  locked: z.array(z.string()),
  dataFolder: z.string(),
  logFolder: z.string(),
});
export type SettingsView = z.infer<typeof settingsView>;
