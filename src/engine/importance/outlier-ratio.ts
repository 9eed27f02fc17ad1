import type { Tensor2D } from '../tensor/ops.ts';
import { readRowBlocks } from '../tensor/read.ts';

/** M of OWL: an outlier is more than so many times the layer's mean. */
const OUTLIER_FACTOR = 5;

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
  const norms = groups.map(({ squares }) => Float64Array.from(squares, Math.sqrt));
  let size = 0;
  let total = 0;
  for (const [i, { weight }] of groups.entries()) {
    size += weight.size;
    total += sum(weight, norms[i]);
  }
  const limit = (OUTLIER_FACTOR * total) / size;
  const outliers = groups.reduce((all, { weight }, i) => all + countAbove(weight, norms[i], limit), 0);
  return outliers / size;
}

function sum(weight: Tensor2D, norms: Float64Array): number {
  let total = 0;
  for (const block of readRowBlocks(weight)) {
    for (let m = 0; m < block.length; ) {
      for (let column = 0; column < norms.length; column++, m++) total += Math.abs(block[m]) * norms[column];
    }
  }
  return total;
}

function countAbove(weight: Tensor2D, norms: Float64Array, limit: number): number {
  let count = 0;
  for (const block of readRowBlocks(weight)) {
    for (let m = 0; m < block.length; ) {
      for (let column = 0; column < norms.length; column++, m++) {
        if (Math.abs(block[m]) * norms[column] > limit) count++;
      }
    }
  }
  return count;
}
