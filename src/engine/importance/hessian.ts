import { inverseCholeskyFactor, NotPositiveDefinite } from '../tensor/cholesky.ts';
import { add, matMul, mul, square, sum, type Tensor2D, tensor1d, tensor2d, tidy } from '../tensor/ops.ts';
import { readFloats, takeFloats } from '../tensor/read.ts';

/**
 * Adds Σ x xᵀ of a micro-batch to a running sum and frees the old sum.
 * @param x a linear layer's inputs, [N, inputs]
 * @returns [inputs, inputs]
 */
export function accumulateHessian(total: Tensor2D | null, x: Tensor2D): Tensor2D {
  const next = tidy(() => {
    const product = matMul(x, x, true, false);
    return total ? (add(total, product) as Tensor2D) : product;
  });
  total?.dispose();
  return next;
}

/** diag(H⁻¹) and what had to be done to get it. */
export interface InverseHessianDiagonal {
  /** [inputs]; 0 for a dead column. */
  readonly values: Float32Array;
  /** The fraction of the mean diagonal that was added in the end; above the wanted one if that was not enough. */
  readonly damping: number;
  /** Columns whose input was zero for every token. */
  readonly deadColumns: readonly number[];
}

/** How often the damping is raised tenfold before giving up. */
const DAMPING_RAISES = 6;

/**
 * diag(H⁻¹) for H = (2/N) Σ x xᵀ + damping · mean(diag) · I (D-Pruner Eq. 2; damping as in SparseGPT).
 * With H = L Lᵀ, [H⁻¹]_mm is the squared norm of column m of L⁻¹. If H is singular in float32 the damping is
 * raised tenfold until it is not.
 * @param total Σ x xᵀ, [inputs, inputs]
 * @param tokens N
 * @param damping fraction of the mean diagonal
 * @throws NotPositiveDefinite if no damping helps (the inputs are not finite)
 */
export function inverseHessianDiagonal(
  total: Tensor2D,
  tokens: number,
  damping: number,
): InverseHessianDiagonal {
  const n = total.shape[0];
  const diagonal = diagonalOf(total).map((value) => (2 / tokens) * value);
  const deadColumns = [...diagonal.keys()].filter((column) => diagonal[column] === 0);
  if (deadColumns.length === n) return { values: new Float32Array(n), damping, deadColumns };
  const meanDiagonal = diagonal.reduce((all, value) => all + value, 0) / n;
  for (let raise = 0; ; raise++) {
    const fraction = damping * 10 ** raise;
    try {
      const values = takeFloats(tidy(() => dampedInverseDiagonal(total, tokens, fraction * meanDiagonal)));
      if (!values.every(Number.isFinite)) throw new NotPositiveDefinite('the inverse is not finite');
      for (const column of deadColumns) values[column] = 0;
      return { values, damping: fraction, deadColumns };
    } catch (error) {
      if (!(error instanceof NotPositiveDefinite) || raise === DAMPING_RAISES) throw error;
    }
  }
}

function dampedInverseDiagonal(total: Tensor2D, tokens: number, added: number) {
  const n = total.shape[0];
  const h = add(mul(total, 2 / tokens), diagonalMatrix(n, added)) as Tensor2D;
  return sum(square(inverseCholeskyFactor(h)), 0);
}

function diagonalMatrix(n: number, value: number): Tensor2D {
  const values = new Float32Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = value;
  return tensor2d(values, [n, n]);
}

function diagonalOf(matrix: Tensor2D): Float64Array {
  const n = matrix.shape[0];
  const values = readFloats(matrix);
  return Float64Array.from({ length: n }, (_, i) => values[i * n + i]);
}

/**
 * General weight importance G = ½ · W² / [H⁻¹]_mm (D-Pruner Eq. 2, Optimal Brain Surgeon): the loss of the layer's
 * output when that weight alone is removed. 0 where the column is dead.
 * @param weight [outputs, inputs]
 * @returns [outputs, inputs] row-major
 */
export function generalWeightImportance(
  weight: Tensor2D,
  inverse: InverseHessianDiagonal,
): Float32Array<ArrayBuffer> {
  const factors = inverse.values.map((value) => (value === 0 ? 0 : 0.5 / value));
  return takeFloats(tidy(() => mul(square(weight), tensor1d(factors))));
}
