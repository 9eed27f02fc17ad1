import type { SymmetricMatrix } from './cholesky.ts';
import {
  correlationCodes,
  type SplitSymmetric,
  symmetricInverseDiagonal,
  symmetricInverseFactor,
} from './fused-kernels.ts';
import { dispose, type Tensor2D, tensor1d, tensor2d } from './ops.ts';
import { takeFloats } from './read.ts';
import { splitDoubles } from './split-doubles.ts';

/** diag((A + added · I)⁻¹) by the project's own float64 kernel, [n]; not finite if the factorisation fails. */
export function nativeInverseDiagonal(a: SymmetricMatrix, added: number): Float64Array<ArrayBuffer> {
  const n = a.u.length;
  const parts = takeFloats(call(symmetricInverseDiagonal, a, added));
  return Float64Array.from({ length: n }, (_, i) => parts[i] + parts[n + i]);
}

/** The upper U with Uᵀ U = (A + added · I)⁻¹, [n, n] in float32; not finite if the factorisation fails. */
export const nativeInverseFactor = (a: SymmetricMatrix, added: number): Tensor2D =>
  call(symmetricInverseFactor, a, added);

/** Each a_ij · scale_i · scale_j of the lower triangle, from −1 to 1, as codes 0 … 65534, row by row; n (n + 1) / 2 of them. */
export function nativeCorrelations(
  { base, u, v }: SymmetricMatrix,
  scales: Float64Array,
): Uint16Array<ArrayBuffer> {
  const vectors = tensor2d(splitDoubles([u, v, scales]), [6, u.length]);
  const codes = correlationCodes(base, vectors);
  vectors.dispose();
  return codes;
}

function call(
  kernel: (matrix: SplitSymmetric) => Tensor2D,
  { base, u, v }: SymmetricMatrix,
  added: number,
): Tensor2D {
  const vectors = tensor2d(splitDoubles([u, v]), [4, u.length]);
  const diagonal = tensor1d([Math.fround(added), added - Math.fround(added)]);
  try {
    return kernel({ base, vectors, added: diagonal });
  } finally {
    dispose([vectors, diagonal]);
  }
}
