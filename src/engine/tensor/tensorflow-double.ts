import type { SymmetricMatrix } from './cholesky.ts';
import type { Tensor2D } from './ops.ts';
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

/** The upper U with Uᵀ U = (A + added · I)⁻¹, [n, n] in float32; null if the factorisation fails. */
export const tensorflowInverseFactor = (a: SymmetricMatrix, added: number): Tensor2D | null =>
  DoubleScope.run((scope) => {
    const factor = scope.cholesky(scope.flip(scope.matrixOf(a, added)));
    return scope.toFloats(scope.flip(scope.inverseOfLower(factor, a.u.length))) as Tensor2D;
  });
