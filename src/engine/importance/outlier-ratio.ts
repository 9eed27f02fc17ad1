import { abs, cast, greater, mul, sum, type Tensor, type Tensor2D, tensor1d, tidy } from '../tensor/ops.ts';
import { rowBlocks, takeFloats } from '../tensor/read.ts';

/** M of OWL: an outlier is more than so many times the layer's mean. */
const OUTLIER_FACTOR = 5;

/** Rows at once: what is computed of them stays in the processor's caches, and their number of outliers is exact in float32. */
const ROWS_BYTES = 4 * 2 ** 20;

/** A group of linear layers that read the same input. */
export interface WeightsAndInputs {
  /** [outputs, inputs] */
  readonly weight: Tensor2D;
  /** Σ x² (or its mean) over the tokens, [inputs] */
  readonly squares: Float32Array | Float64Array;
}

/**
 * The share of outliers among |W_ij| · ‖x_j‖ of one decoder layer: those above M = 5 times their mean over all its linear
 * layers (OWL, Yin et al. 2023, arXiv 2310.05175, section 3.2).
 */
export function outlierRatio(groups: readonly WeightsAndInputs[]): number {
  const size = groups.reduce((all, { weight }) => all + weight.size, 0);
  const limit = (OUTLIER_FACTOR * sumOf(groups, (values) => values)) / size;
  return sumOf(groups, (values) => cast(greater(values, limit), 'float32')) / size;
}

/** Σ of a function of |W_ij| · ‖x_j‖ over all weights. */
function sumOf(groups: readonly WeightsAndInputs[], term: (values: Tensor) => Tensor): number {
  let total = 0;
  for (const { weight, squares } of groups) {
    const norms = tensor1d(Float32Array.from(squares, Math.sqrt));
    for (const block of rowBlocks(weight, ROWS_BYTES)) {
      total += takeFloats(tidy(() => sum(term(mul(abs(block), norms)))))[0];
      block.dispose();
    }
    norms.dispose();
  }
  return total;
}
