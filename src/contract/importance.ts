import { z } from 'zod';
import { moduleName } from './result.ts';

/** The distribution of one matrix's log importance: `counts` over even bins from `low` to `high`, natural logarithms. */
const distribution = z.object({
  low: z.number(),
  high: z.number(),
  counts: z.array(z.int()),
  /** Weights whose importance is exactly zero, in none of the bins. */
  dead: z.int(),
  mean: z.number(),
  /** Quantiles by linear interpolation within a bin: 5, 25, 50, 75 and 95 %. */
  quantiles: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
});
export type Distribution = z.infer<typeof distribution>;

/** Which importances the run has: of general ability, of the domain, and the paper's final one. */
export const IMPORTANCES = ['general', 'domain', 'final'] as const;

export const importanceDistributions = z.object({
  matrices: z.array(
    z.object({
      layer: z.int(),
      module: moduleName,
      general: distribution.nullable(),
      domain: distribution.nullable(),
      final: distribution.nullable(),
    }),
  ),
});
export type ImportanceDistributions = z.infer<typeof importanceDistributions>;

/** How many weights have which general and domain importance together: counts[general bin][domain bin], flat. */
export const jointHistogramReply = z.object({
  bins: z.int(),
  counts: z.array(z.int()),
  general: z.object({ low: z.number(), high: z.number() }),
  domain: z.object({ low: z.number(), high: z.number() }),
});

export const predictionQuestion = z.strictObject({
  runId: z.int(),
  sparsity: z.number().gt(0).lt(1),
  /** Ignored where the run's criterion has no μ. */
  mu: z.number().min(0).max(1),
});

/**
 * Share of a matrix's summed importance that is kept: of general ability, of the domain, and of the paper's final one; null
 * where the run has none of that kind. Of the whole model: the mean over its matrices, whose importances have no common scale.
 */
const keptShares = z.object({
  keptGeneral: z.number().nullable(),
  keptDomain: z.number().nullable(),
  keptFinal: z.number().nullable(),
});

/** What a mask of that sparsity and μ would keep, from the joint histograms: no weight is read. */
export const prediction = z.object({
  sparsity: z.number(),
  mu: z.number(),
  kept: z.int(),
  size: z.int(),
  ...keptShares.shape,
  matrices: z.array(
    z.object({
      layer: z.int(),
      module: moduleName,
      size: z.int(),
      kept: z.int(),
      ...keptShares.shape,
      /** Logarithm of the criterion's importance below which weights go. */
      threshold: z.number(),
    }),
  ),
  elapsedMs: z.number(),
});
export type Prediction = z.infer<typeof prediction>;

const sharedKept = z.object({
  /** Weights kept by both, over the matrix's size (the paper's Fig. 2). */
  shared: z.number(),
  /** Weights kept by both, over those kept by either. */
  jaccard: z.number(),
});

/** Masks of runs over the same model, pair by pair. */
export const maskSimilarity = z.object({
  runs: z.array(z.object({ runId: z.int(), name: z.string(), sparsity: z.number() })),
  pairs: z.array(
    z.object({
      a: z.int(),
      b: z.int(),
      overall: sharedKept,
      matrices: z.array(sharedKept.extend({ layer: z.int(), module: moduleName })),
    }),
  ),
});
export type MaskSimilarity = z.infer<typeof maskSimilarity>;
