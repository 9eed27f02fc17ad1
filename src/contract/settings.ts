import { z } from 'zod';

const positiveInteger = z.int().positive();

/** Everything that decides the outcome of a pruning run. Two runs with equal settings give equal bytes. */
export const pruneSettings = z.strictObject({
  method: z.enum(['d-pruner', 'magnitude', 'wanda', 'sparsegpt']).default('d-pruner'),
  /** Updates the kept weights in closed form for those that go. */
  compensate: z.boolean().default(false),
  /** How: `exact`, the least error of each layer's outputs that its mask allows; `sweep`, column by column as SparseGPT does. */
  update: z.enum(['exact', 'sweep']).default('exact'),
  /** The text that Wanda, SparseGPT, compensation and OWL see: half of domain and half of open text, all of both, or one. */
  calibrateOn: z.enum(['mix', 'both', 'domain', 'open']).default('mix'),
  /** Fraction of each matrix (or block) that becomes zero. */
  sparsity: z.number().gt(0).lt(1).default(0.5),
  blocking: z.enum(['none', 'iterative']).default('none'),
  /** Columns of a block with iterative blocking; null: 128, or 344 for a down projection of 11008 columns. */
  blockSize: positiveInteger.nullable().default(null),
  /** Weights that are compared with each other; null: as the method's authors do. `block` is the same as iterative blocking. */
  group: z.enum(['matrix', 'row', 'block']).nullable().default(null),
  /**
   * D-Pruner: `single`, each weight by its own importance; `joint`, by what the weights of a row do together. null: as the
   * criterion does, see `selectionOf`.
   */
  selection: z.enum(['single', 'joint']).nullable().default(null),
  /** N:M: of M consecutive weights of a row N stay. */
  pattern: z.enum(['unstructured', '2:4', '4:8']).default('unstructured'),
  /** How the sparsity is shared out among the decoder layers. */
  allocation: z.enum(['uniform', 'owl']).default('uniform'),
  criterion: z.enum(['dual', 'balanced', 'paper', 'general', 'domain']).default('dual'),
  /** Weight of the domain in the dual and in the balanced importance: 0 general, 1 domain. */
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

/** How D-Pruner chooses the weights that go: the balanced importance jointly, the others singly, if nothing else is said. */
export const selectionOf = ({
  criterion,
  selection,
}: Pick<PruneSettings, 'criterion' | 'selection'>): NonNullable<PruneSettings['selection']> =>
  selection ?? (criterion === 'balanced' ? 'joint' : 'single');

/** Whether the weights that go are chosen by what they do together. */
export const choosesJointly = (
  settings: Pick<PruneSettings, 'method' | 'criterion' | 'selection'>,
): boolean => settings.method === 'd-pruner' && selectionOf(settings) === 'joint';

/** How the weights that stay are updated; null: they are not. */
export const updateOf = ({
  method,
  compensate,
  update,
}: Pick<PruneSettings, 'method' | 'compensate' | 'update'>): PruneSettings['update'] | null => {
  if (method === 'sparsegpt') return 'sweep';
  return compensate ? update : null;
};

/** Whether weights are pruned layer after layer, on what the pruned layers below give. */
export const goesLayerByLayer = (
  settings: Pick<PruneSettings, 'method' | 'compensate' | 'update'>,
): boolean => settings.method === 'wanda' || updateOf(settings) !== null;

/** Whether outliers are counted in a pass of their own; D-Pruner's own passes find them on their way. */
export const countsOutliers = ({
  method,
  allocation,
}: Pick<PruneSettings, 'method' | 'allocation'>): boolean => allocation === 'owl' && method !== 'd-pruner';

/** Whether a criterion weighs general importance, for which there is a general pass. */
export const hasGeneralImportance = ({
  criterion,
  regularizer,
}: Pick<PruneSettings, 'criterion' | 'regularizer'>): boolean =>
  criterion === 'paper' ? regularizer : criterion !== 'domain';
