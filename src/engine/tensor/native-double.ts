import type { SymmetricMatrix } from './cholesky.ts';
import { type SplitSymmetric, symmetricInverseDiagonal, symmetricInverseFactor } from './fused-kernels.ts';
import { dispose, type Tensor2D, tensor1d, tensor2d } from './ops.ts';
import { takeFloats } from './read.ts';

/** diag((A + added · I)⁻¹) by the project's own float64 kernel, [n]; not finite if the factorisation fails. */
export function nativeInverseDiagonal(a: SymmetricMatrix, added: number): Float64Array<ArrayBuffer> {
  const n = a.u.length;
  const parts = call(symmetricInverseDiagonal, a, added);
  return Float64Array.from({ length: n }, (_, i) => parts[i] + parts[n + i]);
}

/** The upper U with Uᵀ U = (A + added · I)⁻¹, [n, n] row-major in float32; not finite if the factorisation fails. */
export const nativeInverseFactor = (a: SymmetricMatrix, added: number): Float32Array<ArrayBuffer> =>
  call(symmetricInverseFactor, a, added);

function call(
  kernel: (matrix: SplitSymmetric) => Tensor2D,
  { base, u, v }: SymmetricMatrix,
  added: number,
): Float32Array<ArrayBuffer> {
  const n = u.length;
  const parts = new Float32Array(4 * n);
  [...split(u), ...split(v)].forEach((part, i) => void parts.set(part, i * n));
  const vectors = tensor2d(parts, [4, n]);
  const diagonal = tensor1d([Math.fround(added), added - Math.fround(added)]);
  try {
    return takeFloats(kernel({ base, vectors, added: diagonal }));
  } finally {
    dispose([vectors, diagonal]);
  }
}

/** float64 as the sum of two float32: 48 of its 53 bits. */
function split(values: Float64Array): [Float32Array, Float32Array] {
  const high = Float32Array.from(values);
  return [high, Float32Array.from(values, (value, i) => value - high[i])];
}
