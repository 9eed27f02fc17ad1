import { z } from 'zod';

/** What a run goes through: the dense model is measured, pruned, and measured again. */
export const RUN_STEPS = ['measure-dense', 'prune', 'measure-pruned'] as const;

const timeRange = z.object({ low: z.number(), high: z.number() });

/** How far a worker is; at most a few a second. */
export const workProgress = z.object({
  stage: z.enum([
    'calibration',
    'general',
    'open-forward',
    'open-backward',
    'forward',
    'backward',
    'score',
    'outliers',
    'prune',
    'export',
    'verify',
    'evaluate',
  ]),
  /** Decoder layers of this stage (files, for export and verify), a fraction while one is at work. */
  done: z.number(),
  total: z.number(),
  tokensPerSecond: z.number().nullable(),
  /** Time left in this step of a run, as the latest estimates spread; null until there are some, and without steps. */
  remainingMs: timeRange.nullable(),
  /** Time left altogether; null as long as there is nothing to go by. */
  wholeRemainingMs: timeRange.nullable(),
  /** Since this attempt began. */
  elapsedMs: z.number(),
  /** Resident memory of the worker, now and at its peak. */
  memoryBytes: z.number(),
  peakMemoryBytes: z.number(),
  /** One line for a person, or null. */
  message: z.string().nullable(),
});
export type WorkProgress = z.infer<typeof workProgress>;

export const runProgress = workProgress.extend({ runId: z.int(), step: z.enum(RUN_STEPS) });
export type RunProgress = z.infer<typeof runProgress>;

export const experimentProgress = workProgress.extend({ experimentId: z.int() });
export type ExperimentProgress = z.infer<typeof experimentProgress>;
