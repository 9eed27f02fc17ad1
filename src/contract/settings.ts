import { z } from 'zod';

const positiveInteger = z.int().positive();

/** Everything that decides the outcome of a pruning run. Two runs with equal settings give equal bytes. */
export const pruneSettings = z.strictObject({
  method: z.enum(['d-pruner', 'magnitude']).default('d-pruner'),
  /** Fraction of each matrix (or block) that becomes zero. */
  sparsity: z.number().gt(0).lt(1).default(0.5),
  blocking: z.enum(['none', 'iterative']).default('none'),
  /** Columns of a block with iterative blocking; null: 128, or 344 for a down projection of 11008 columns. */
  blockSize: positiveInteger.nullable().default(null),
  criterion: z.enum(['dual', 'paper', 'general', 'domain']).default('dual'),
  /** Weight of the domain in the dual importance: 0 general, 1 domain. */
  mu: z.number().min(0).max(1).default(0.5),
  aggregation: z.enum(['per-sample', 'mean-gradient']).default('per-sample'),
  /** Regulariser of the refined loss as printed (Eq. 3), and the step of W' = W - alpha g. */
  lambda: z.number().min(0).default(0.1),
  alpha: z.number().positive().default(0.03),
  /** Relative strength of the regulariser; null: lambda and alpha decide. */
  rho: z.number().min(0).nullable().default(null),
  regularizer: z.boolean().default(true),
  /** Added to the Hessian's diagonal, as a fraction of its mean. */
  damping: z.number().positive().default(0.01),
  seed: z.int().min(0).default(0),
  /** Domain calibration. */
  samples: positiveInteger.default(1000),
  sequenceLength: positiveInteger.default(512),
  /** Open-domain calibration. */
  openSamples: positiveInteger.default(128),
  openSequenceLength: positiveInteger.default(2048),
});
export type PruneSettings = z.infer<typeof pruneSettings>;
