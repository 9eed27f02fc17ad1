import { getBackend } from '@tensorflow/tfjs-core';
import { hasFusedKernels } from './fused-kernels.ts';
import { nativeInverseDiagonal } from './native-double.ts';
import type { Tensor2D } from './ops.ts';
import { readFloats } from './read.ts';
import { tensorflowInverseDiagonal } from './tensorflow-double.ts';
import { inversionFault } from './webgpu/device-inversion.ts';
import { webgpuInverseDiagonal } from './webgpu/symmetric-inverse.ts';

/** A pivot was not positive: the matrix is not positive definite, or too nearly singular for its rounding errors. */
export class NotPositiveDefinite extends Error {
  override readonly name = 'NotPositiveDefinite';
}

/** The symmetric matrix base + u vᵀ + v uᵀ. The large rank-two part is kept apart because float32 would round it. */
export interface SymmetricMatrix {
  /** [n, n], float32 on the device. */
  readonly base: Tensor2D;
  /** [n] */
  readonly u: Float64Array<ArrayBuffer>;
  readonly v: Float64Array<ArrayBuffer>;
}

/**
 * diag((A + added · I)⁻¹). With the Cholesky factorisation L Lᵀ it is the squared norm of each column of L⁻¹. In
 * float64, or on webgpu in pairs of float32: Hessians of real models have condition numbers near 10⁵, and float32 would leave
 * relative errors of 10⁻³.
 * @returns [n]
 * @throws NotPositiveDefinite
 */
export function inverseDiagonal(a: SymmetricMatrix, added: number): Float64Array<ArrayBuffer> {
  const diagonal = inverseDiagonalOf(a, added);
  if (!diagonal?.every((value) => Number.isFinite(value) && value > 0)) {
    throw new NotPositiveDefinite('the Cholesky factorisation failed');
  }
  return diagonal;
}

function inverseDiagonalOf(a: SymmetricMatrix, added: number): Float64Array<ArrayBuffer> | null {
  if (hasFusedKernels()) return nativeInverseDiagonal(a, added);
  if (getBackend() === 'tensorflow') return tensorflowInverseDiagonal(a, added);
  if (getBackend() === 'webgpu' && inversionFault() === null) return webgpuInverseDiagonal(a, added);
  return scalarInverseDiagonal(a, added);
}

function scalarInverseDiagonal(
  { base, u, v }: SymmetricMatrix,
  added: number,
): Float64Array<ArrayBuffer> | null {
  const n = base.shape[0];
  const values = readFloats(base);
  const rows = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => values[i * n + j] + u[i] * v[j] + v[i] * u[j]),
  );
  for (let i = 0; i < n; i++) rows[i][i] += added;
  return factorInPlace(rows) ? inverseColumnNorms(rows) : null;
}

/** Overwrites the lower triangle by L, row by row; false if a pivot is not positive. */
export function factorInPlace(rows: Float64Array[]): boolean {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    for (let j = 0; j <= i; j++) {
      const other = rows[j];
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= row[k] * other[k];
      if (i === j && !(rest > 0)) return false;
      row[j] = i === j ? Math.sqrt(rest) : rest / other[j];
    }
  }
  return true;
}

/** Squared norms of the columns of L⁻¹, whose rows take the place of L's. */
function inverseColumnNorms(rows: Float64Array[]): Float64Array<ArrayBuffer> {
  invertInPlace(rows);
  const norms = new Float64Array(rows.length);
  for (const row of rows) for (let j = 0; j < row.length; j++) norms[j] += row[j] ** 2;
  return norms;
}

/** L⁻¹ in place of L: row i of it is (eᵢ − Σ_{k<i} L_ik row k) / L_ii. */
export function invertInPlace(rows: Float64Array[]): void {
  for (let i = 0; i < rows.length; i++) {
    const inverse = new Float64Array(i + 1);
    inverse[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = rows[i][k];
      const done = rows[k];
      for (let j = 0; j <= k; j++) inverse[j] -= factor * done[j];
    }
    const pivot = rows[i][i];
    for (let j = 0; j <= i; j++) inverse[j] /= pivot;
    rows[i] = inverse;
  }
}
