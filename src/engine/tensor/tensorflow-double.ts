import type { SymmetricMatrix } from './cholesky.ts';
import { DoubleScope } from './tensorflow-double-scope.ts';

/** diag((A + added · I)⁻¹) by TensorFlow's float64 kernels, [n]; null if the factorisation fails. */
export const tensorflowInverseDiagonal = (
  a: SymmetricMatrix,
  added: number,
): Float64Array<ArrayBuffer> | null =>
  DoubleScope.run((scope) => {
    const factor = scope.cholesky(scope.matrixOf(a, added));
    return scope.download(scope.columnSquares(scope.inverseOfLower(factor, a.u.length)));
  });

/** The upper U with Uᵀ U = (A + added · I)⁻¹, [n, n] row-major in float32; null if the factorisation fails. */
export const tensorflowInverseFactor = (
  a: SymmetricMatrix,
  added: number,
): Float32Array<ArrayBuffer> | null =>
  DoubleScope.run((scope) => {
    const factor = scope.cholesky(scope.flip(scope.matrixOf(a, added)));
    return scope.downloadFloats(scope.flip(scope.inverseOfLower(factor, a.u.length)));
  });
