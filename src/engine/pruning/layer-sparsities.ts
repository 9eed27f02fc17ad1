import { UserError } from '../../contract/error.ts';

/** λ of OWL: a layer's sparsity lies within 2λ of any other's. */
export const OWL_LAMBDA = 0.08;

/**
 * OWL (Yin et al. 2023, arXiv 2310.05175): layers with more outliers among |W| · ‖x‖ are pruned less. The outlier
 * ratios are scaled to [0, 2λ] and taken, as deviations from their mean, off the sparsity: so the mean over the layers
 * is the sparsity wanted.
 * @param outlierRatios of each layer, see `outlierRatio`
 * @throws UserError OWL_OUT_OF_RANGE
 */
export function owlSparsities(outlierRatios: readonly number[], sparsity: number): number[] {
  const [least, most] = [Math.min(...outlierRatios), Math.max(...outlierRatios)];
  const scale = most > least ? (2 * OWL_LAMBDA) / (most - least) : 0;
  const spread = outlierRatios.map((ratio) => scale * (ratio - least));
  const mean = spread.reduce((total, each) => total + each, 0) / spread.length;
  const sparsities = spread.map((each) => sparsity - (each - mean));
  const outside = sparsities.findIndex((each) => !(each > 0 && each < 1));
  if (outside === -1) return sparsities;
  throw new UserError(
    'OWL_OUT_OF_RANGE',
    `--allocation owl would prune ${(100 * sparsities[outside]).toFixed(1)} % of layer ${outside} at a sparsity of ${sparsity}.`,
    'Choose a sparsity nearer to 0.5, or --allocation uniform.',
  );
}

const BISECTIONS = 40;

/**
 * Moves all layers' sparsities by the same tiny amount, so that rounding down in each part of each matrix does not add up
 * over the model: the most zeros that are no more than `wantedZeros`.
 * @param zerosAt the zeros of one layer at a sparsity; all layers have the same shapes
 */
export function withoutRoundingLoss(
  sparsities: readonly number[],
  wantedZeros: number,
  zerosAt: (sparsity: number) => number,
): number[] {
  const moved = (by: number) => sparsities.map((each) => each + by);
  const zeros = (by: number) => moved(by).reduce((total, each) => total + zerosAt(each), 0);
  let [low, high] = [-0.01, 0.01];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (zeros(middle) <= wantedZeros) low = middle;
    else high = middle;
  }
  return moved(low);
}
