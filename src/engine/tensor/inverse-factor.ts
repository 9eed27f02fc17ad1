import { getBackend } from '@tensorflow/tfjs-core';
import { factorInPlace, invertInPlace, NotPositiveDefinite, type SymmetricMatrix } from './cholesky.ts';
import { hasFusedKernels } from './fused-kernels.ts';
import { nativeInverseFactor } from './native-double.ts';
import { readFloats } from './read.ts';
import { tensorflowInverseFactor } from './tensorflow-double.ts';

/**
 * The Cholesky factor of an inverse: the upper triangular U with positive diagonal and Uᵀ U = (A + added · I)⁻¹. With J the
 * reversal of rows and J A J = L Lᵀ it is J L⁻¹ J, so the inverse itself is never formed. Computed in float64 on every
 * backend (as `inverseDiagonal`), rounded to float32.
 * @returns [n, n] row-major
 * @throws NotPositiveDefinite
 */
export function inverseFactor(a: SymmetricMatrix, added: number): Float32Array<ArrayBuffer> {
  const factor = inverseFactorOf(a, added);
  if (!factor?.every((value) => Number.isFinite(value))) {
    throw new NotPositiveDefinite('the Cholesky factorisation failed');
  }
  return factor;
}

function inverseFactorOf(a: SymmetricMatrix, added: number): Float32Array<ArrayBuffer> | null {
  if (hasFusedKernels()) return nativeInverseFactor(a, added);
  if (getBackend() === 'tensorflow') return tensorflowInverseFactor(a, added);
  return scalarInverseFactor(a, added);
}

function scalarInverseFactor(
  { base, u, v }: SymmetricMatrix,
  added: number,
): Float32Array<ArrayBuffer> | null {
  const n = base.shape[0];
  const values = readFloats(base);
  const last = n - 1;
  const flipped = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => {
      const [row, column] = [last - i, last - j];
      return values[row * n + column] + u[row] * v[column] + v[row] * u[column];
    }),
  );
  for (let i = 0; i < n; i++) flipped[i][i] += added;
  if (!factorInPlace(flipped)) return null;
  invertInPlace(flipped);
  const factor = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) factor[(last - i) * n + last - j] = flipped[i][j];
  }
  return factor;
}
