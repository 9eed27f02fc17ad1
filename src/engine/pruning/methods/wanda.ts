import { type RankingMethod, rankingMethod } from './pruning-method.ts';

/**
 * Wanda (Sun et al. 2023, arXiv 2306.11695): S_ij = |W_ij| · ‖x_j‖₂ over all tokens of the calibration text; by default
 * compared within each row (one output).
 */
export const wanda: RankingMethod = rankingMethod('squares', async ({ readWeight, squares }) => {
  if (!squares) throw new Error('Wanda needs the norms of the inputs');
  const weight = await readWeight();
  const norms = Float32Array.from(squares, Math.sqrt);
  const keys = new Float32Array(weight.length);
  for (let m = 0; m < keys.length; ) {
    for (let column = 0; column < norms.length; column++, m++) keys[m] = Math.abs(weight[m]) * norms[column];
  }
  return keys;
});
