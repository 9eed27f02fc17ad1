import { run } from './fused-kernels.ts';
import type { Tensor2D } from './ops.ts';

/** What conjugate gradients know of R systems of n equations, one a row: each [R, n], and `length` [R, 1]. */
export interface ConjugateState {
  readonly weights: Tensor2D;
  /** What is left of the equations. */
  readonly residual: Tensor2D;
  readonly direction: Tensor2D;
  /** Of the residual, squared, in the preconditioner's norm. */
  readonly length: Tensor2D;
}

export interface ConjugateEquations {
  /** Without the damping, [n, n]. */
  readonly moments: Tensor2D;
  readonly damping: number;
  /** Of moments and damping, [1, n]. */
  readonly inverseDiagonal: Tensor2D;
}

/**
 * One step, in the state's own memory; see `native/conjugate-kernels.cc`.
 * @param product of the direction and the moments, [R, n]; its memory is used up
 * @param kept 1 for each unknown, 0 for what stays 0, [R, n]
 */
export function conjugateStepInPlace(
  { weights, residual, direction, length }: ConjugateState,
  { damping, inverseDiagonal }: ConjugateEquations,
  product: Tensor2D,
  kept: Tensor2D,
): void {
  const inputs = [weights, residual, direction, length, product, kept, inverseDiagonal];
  run('DprunerConjugateStep', { damping }, inputs, 0);
}
