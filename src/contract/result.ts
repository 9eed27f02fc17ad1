import { z } from 'zod';
import { taskResult } from './task.ts';

/** The prunable linear layers that decoder layers may have, in the order in which they act; no model has them all. */
export const MODULES = [
  'qProj',
  'kProj',
  'vProj',
  'qkvProj',
  'oProj',
  'gateProj',
  'upProj',
  'gateUpProj',
  'downProj',
] as const;
export const moduleName = z.enum(MODULES);

const figure = z.object({
  perplexity: z.number(),
  /** Mean negative log-likelihood, nats a token. */
  meanNll: z.number(),
  scoredTokens: z.int(),
  windows: z.int(),
});

/** Perplexity over the original's, less 1, with its 95 % interval over windows of the text. */
const change = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** False where the interval holds 0, or there are too few windows. */
  distinguishable: z.boolean(),
});

/** Perplexity of the dense and the pruned model on one text, with all that it depends on. */
export const textResult = z.object({
  name: z.string(),
  role: z.enum(['domain', 'general']),
  file: z.string(),
  sha256: z.string(),
  window: z.int(),
  stride: z.int(),
  maxTokens: z.int().nullable(),
  backend: z.string(),
  dense: figure,
  /** null until the pruned model is measured. */
  pruned: figure
    .extend({
      /** null where it was not computed: of an export, or before it was kept. */
      change: change.nullable().default(null),
    })
    .nullable(),
});
export type TextResult = z.infer<typeof textResult>;

const dataFile = z.object({ path: z.string(), sha256: z.string(), records: z.int() });

/** How the calibration was put together: counts, files and hashes. */
export const calibrationResult = z.object({
  parts: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      share: z.number(),
      wanted: z.int(),
      used: z.int(),
      available: z.int(),
      truncated: z.int(),
      duplicates: z.int(),
      tokens: z.int(),
      files: z.array(dataFile),
    }),
  ),
  open: z.object({ wanted: z.int(), used: z.int(), tokens: z.int(), files: z.array(dataFile) }).nullable(),
  /** SHA-256 of the token ids; null where that part was not needed. */
  domainTokensSha256: z.string().nullable(),
  openTokensSha256: z.string().nullable(),
  notes: z.array(z.string()),
});

export const matrixResult = z.object({
  layer: z.int(),
  module: moduleName,
  size: z.int(),
  kept: z.int(),
});

export const runResult = z.object({
  runId: z.int(),
  texts: z.array(textResult),
  tasks: z.array(taskResult),
  /** Kept weights of the pruned model, counted in the written files. */
  matrices: z.array(matrixResult),
  size: z.int(),
  kept: z.int(),
  calibration: calibrationResult.nullable(),
  /** Mean cross-entropy of the domain calibration under the dense model, nats. */
  loss: z.number().nullable(),
  regularizer: z.object({ strength: z.number(), median: z.number(), rho: z.number() }).nullable(),
  backend: z.string(),
  stages: z.array(z.object({ stage: z.string(), seconds: z.number(), tokensPerSecond: z.number() })),
  peakMemoryBytes: z.number(),
  /** What a person should know, a sentence each. */
  notes: z.array(z.string()),
  modelFingerprint: z.string().nullable(),
  /** SHA-256 of the source's weight files and of the pruned ones. */
  weightFiles: z.array(
    z.object({ name: z.string(), bytes: z.int(), sourceSha256: z.string(), sha256: z.string() }),
  ),
  appVersion: z.string(),
  /** Whether scores are there for `results.distributions`, `results.predict`, `results.similarity` and `exports.start`. */
  hasScores: z.boolean(),
  /** Whether both importances are there, so that μ can be changed. */
  hasBothImportances: z.boolean(),
});
export type RunResult = z.infer<typeof runResult>;
