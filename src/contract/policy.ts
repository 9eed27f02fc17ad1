import { z } from 'zod';
import { appSettings } from './app-settings.ts';

const shape = appSettings.shape;

/**
 * The administrators' policy file. Where it stands: `/etc/d-pruner/policy.json`, on Windows
 * `%PROGRAMDATA%\D-Pruner\policy.json`, on macOS `/Library/Application Support/D-Pruner/policy.json`. A policy that
 * cannot be read stops the application: to ignore it would be to lift it.
 */
export const policy = z.strictObject({
  /** Settings with a fixed value; nobody can change them in the application. */
  settings: z
    .strictObject({
      theme: shape.theme.optional(),
      retentionDays: shape.retentionDays.optional(),
      keepScores: shape.keepScores.optional(),
      keepAwake: shape.keepAwake.optional(),
    })
    .default({}),
  /** The data folder, as an absolute path; nobody can choose another. */
  dataFolder: z.string().min(1).optional(),
  /** Models, data and outputs may lie in these folders only; absolute paths. Left out: anywhere. */
  allowedFolders: z.array(z.string().min(1)).optional(),
  /** At most so many days may be set for retention. */
  maxRetentionDays: z.int().min(1).max(36500).optional(),
  /** false: records are only ever shown masked. */
  allowUnmaskedPreview: z.boolean().default(true),
});
export type Policy = z.infer<typeof policy>;

export const policyView = z.object({
  /** Where the file is or would be. */
  file: z.string(),
  /** null where there is none. */
  policy: policy.nullable(),
});
export type PolicyView = z.infer<typeof policyView>;
