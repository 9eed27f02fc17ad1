import { z } from 'zod';
import { pruneSettings } from '../../contract/settings.ts';
import { STATISTICS } from '../importance/gradient-statistics.ts';

/** `run.json`: what a run is of, and what it has found so far. */
export const runRecord = z.object({
  format: z.literal(1),
  appVersion: z.string(),
  createdAt: z.iso.datetime(),
  settings: pruneSettings,
  modelDir: z.string(),
  /** SHA-256 over config.json and the weight files' headers, sizes and times. */
  modelFingerprint: z.string(),
  /** SHA-256 of the token ids that were used; null where a part was not needed. */
  domainTokens: z.object({ sha256: z.string(), samples: z.int(), tokens: z.int() }).nullable(),
  openTokens: z.object({ sha256: z.string(), samples: z.int(), tokens: z.int() }).nullable(),
  /** What Wanda, SparseGPT, compensation or OWL saw. */
  mixTokens: z.object({ sha256: z.string(), samples: z.int(), tokens: z.int() }).nullable().default(null),
  /** How the calibration was put together: parts, counts, file hashes; never its text. */
  calibration: z.unknown(),
  backend: z.string(),
  /** What is computed for each layer (see `Needs`). */
  needs: z.object({
    general: z.boolean(),
    mixed: z.boolean().default(false),
    statistics: z.array(z.enum(STATISTICS)),
    exact: z.boolean(),
  }),
  packTokens: z.int().positive(),
  loss: z.number().nullable(),
  regularizer: z.object({ strength: z.number(), median: z.number(), rho: z.number() }).nullable(),
  notes: z.array(z.string()),
  /** Of each layer, where the allocation needed a pass for them. */
  outlierRatios: z.array(z.number()).nullable().default(null),
  /** SHA-256 of the token ids over which they were counted. */
  outliersOf: z.string().nullable().default(null),
  /** What the shards of pruned layers depend on, and what a person should know of them. */
  prunedFrom: z.string().nullable().default(null),
  prunedNotes: z.array(z.string()).default([]),
  finished: z.boolean(),
});
export type RunRecord = z.infer<typeof runRecord>;

/** Settings that only choose the mask, or what is made of it; they may change when a run is resumed. */
const MASK_SETTINGS = [
  'sparsity',
  'blocking',
  'blockSize',
  'group',
  'selection',
  'pattern',
  'allocation',
  'mu',
  'compensate',
  'update',
  'calibrateOn',
] as const;

/** What must be equal for a run to go on from another's shards, as a list of differences in words. */
export function differences(found: RunRecord, wanted: RunRecord): string[] {
  const identity = (record: RunRecord): Record<string, unknown> => ({
    ...Object.fromEntries(
      Object.entries(record.settings).filter(
        ([name]) => !(MASK_SETTINGS as readonly string[]).includes(name),
      ),
    ),
    model: record.modelFingerprint,
    'domain calibration': record.domainTokens?.sha256 ?? null,
    'open-domain calibration': record.openTokens?.sha256 ?? null,
    backend: record.backend,
    statistics: [record.needs.general && 'general', ...record.needs.statistics].filter(Boolean).join(' + '),
    'float32 importance kept': record.needs.exact,
    appVersion: record.appVersion,
    packTokens: record.packTokens,
  });
  const theirs = identity(found);
  return Object.entries(identity(wanted))
    .filter(([name, value]) => theirs[name] !== value)
    .map(([name, value]) => `${name} was ${String(theirs[name])} and is now ${String(value)}`);
}
