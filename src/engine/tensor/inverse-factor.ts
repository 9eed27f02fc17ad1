import { getBackend } from '@tensorflow/tfjs-core';
import { factorInPlace, invertInPlace, NotPositiveDefinite, type SymmetricMatrix } from './cholesky.ts';
import { diagonalOf } from './diagonal.ts';
import { hasFusedKernels } from './fused-kernels.ts';
import { nativeInverseFactor } from './native-double.ts';
import { type Tensor2D, tensor2d } from './ops.ts';
import { readFloats, takeFloats } from './read.ts';
import { tensorflowInverseFactor } from './tensorflow-double.ts';
import { inversionFault } from './webgpu/device-inversion.ts';
import { webgpuInverseFactor } from './webgpu/symmetric-inverse.ts';

/**
 * The Cholesky factor of an inverse: the upper triangular U with positive diagonal and Uᵀ U = (A + added · I)⁻¹. With J the
 * reversal of rows and J A J = L Lᵀ it is J L⁻¹ J, so the inverse itself is never formed. Computed as exactly as
 * `inverseDiagonal`, rounded to float32.
 * @returns [n, n], on the device; the caller disposes of it
 * @throws NotPositiveDefinite
 */
export function inverseFactor(a: SymmetricMatrix, added: number): Tensor2D {
  const factor = inverseFactorOf(a, added);
  if (factor && takeFloats(diagonalOf(factor)).every((value) => Number.isFinite(value) && value > 0))
    return factor;
  factor?.dispose();
  throw new NotPositiveDefinite('the Cholesky factorisation failed');
}

/** null, or nothing finite on the diagonal, if the factorisation fails. */
function inverseFactorOf(a: SymmetricMatrix, added: number): Tensor2D | null {
  if (hasFusedKernels()) return nativeInverseFactor(a, added);
  if (getBackend() === 'tensorflow') return tensorflowInverseFactor(a, added);
  if (getBackend() === 'webgpu' && inversionFault() === null) return webgpuInverseFactor(a, added);
  return scalarInverseFactor(a, added);
}

function scalarInverseFactor({ base, u, v }: SymmetricMatrix, added: number): Tensor2D | null {
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
  return tensor2d(factor, [n, n]);
}
