import { hasFusedKernels, run } from './fused-kernels.ts';
import { add, dispose, div, matMul, mul, neg, sub, sum, type Tensor2D, tidy } from './ops.ts';
import { readFloats } from './read.ts';

/** The equations that all rows share. */
export interface ConjugateEquations {
  /** Without the damping, symmetric, [n, n]. */
  readonly moments: Tensor2D;
  readonly damping: number;
  /** Of moments and damping, [1, n]: the preconditioner. */
  readonly inverseDiagonal: Tensor2D;
}

/** What conjugate gradients (Hestenes and Stiefel 1952) know of R systems of n equations, one a row: each [R, n], and `length` [R, 1]. */
export interface ConjugateState {
  readonly weights: Tensor2D;
  /** What is left of the equations. */
  readonly residual: Tensor2D;
  readonly direction: Tensor2D;
  /** Of the residual, squared, in the preconditioner's norm. */
  readonly length: Tensor2D;
}

/** A row that is solved divides nothing by nothing. */
const TINY = 1e-30;

/**
 * Before the first step towards the weights nearest to `original` in the norm of the moments: `original` where a weight is kept.
 * @param original [R, n], consumed
 * @param kept 1 for each unknown, 0 for what stays 0, [R, n]
 */
export function conjugateStart(
  equations: ConjugateEquations,
  original: Tensor2D,
  kept: Tensor2D,
): ConjugateState {
  const state = tidy(() => {
    const weights = mul(original, kept) as Tensor2D;
    const residual = product(equations, sub(original, weights) as Tensor2D, kept);
    const { direction, length } = preconditioned(equations, residual);
    return { weights, residual, direction, length };
  });
  original.dispose();
  return state;
}

/**
 * One step; where there are kernels in the state's own memory (`native/conjugate-kernels.cc`).
 * @param state consumed
 * @param kept as for the start
 */
export function conjugateStep(
  equations: ConjugateEquations,
  state: ConjugateState,
  kept: Tensor2D,
): ConjugateState {
  if (hasFusedKernels()) {
    const { weights, residual, direction, length } = state;
    const products = matMul(direction, equations.moments); // its memory is used up
    const inputs = [weights, residual, direction, length, products, kept, equations.inverseDiagonal];
    run('DprunerConjugateStep', { damping: equations.damping }, inputs, 0);
    products.dispose();
    return state;
  }
  const next = tidy(() => ({ ...composedStep(equations, state, kept) }));
  dispose({ ...state });
  return next;
}

/** Of the residuals of all rows. */
export const totalLength = ({ length }: ConjugateState): number =>
  readFloats(length).reduce((total, value) => total + value, 0);

function composedStep(equations: ConjugateEquations, state: ConjugateState, kept: Tensor2D): ConjugateState {
  const { weights, residual, direction, length } = state;
  const curved = product(equations, direction, kept);
  const step = div(length, add(dot(direction, curved), TINY)) as Tensor2D;
  const rest = plus(residual, neg(step) as Tensor2D, curved);
  curved.dispose();
  const next = preconditioned(equations, rest);
  const turn = div(next.length, add(length, TINY)) as Tensor2D;
  return {
    weights: plus(weights, step, direction),
    residual: rest,
    direction: plus(next.direction, turn, direction),
    length: next.length,
  };
}

// What is needed for a moment goes at once: of a large matrix each of these is many megabytes.

/** p A where a weight is kept, else 0; [R, n]. */
const product = ({ moments, damping }: ConjugateEquations, p: Tensor2D, kept: Tensor2D): Tensor2D =>
  tidy(() => mul(add(matMul(p, moments), mul(p, damping)), kept) as Tensor2D);

/** Of each two rows, [R, 1]. */
const dot = (a: Tensor2D, b: Tensor2D): Tensor2D => tidy(() => sum(mul(a, b), 1, true) as Tensor2D);

/** a + factor b, a factor a row. */
const plus = (a: Tensor2D, factor: Tensor2D, b: Tensor2D): Tensor2D =>
  tidy(() => add(a, mul(factor, b)) as Tensor2D);

function preconditioned({ inverseDiagonal }: ConjugateEquations, residual: Tensor2D) {
  const direction = mul(residual, inverseDiagonal) as Tensor2D;
  return { direction, length: dot(residual, direction) };
}
