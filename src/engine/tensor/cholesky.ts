import { concat, matMul, slice, sub, type Tensor2D, tensor2d, tidy } from './ops.ts';
import { readFloats } from './read.ts';

const BLOCK = 96;

/** A pivot was not positive: the matrix is singular or not positive definite in float32. */
export class NotPositiveDefinite extends Error {
  override readonly name = 'NotPositiveDefinite';
}

/**
 * Inverse of the Cholesky factor: L⁻¹ with A = L Lᵀ, for a symmetric positive definite A [n, n].
 * Right-looking and blocked: only BLOCK×BLOCK diagonal blocks are factored in scalar code (in float64), all other
 * work is matrix products, which every backend is good at.
 * @returns L⁻¹ [n, n], lower triangular; the caller disposes of it
 * @throws NotPositiveDefinite
 */
export function inverseCholeskyFactor(a: Tensor2D): Tensor2D {
  return tidy(() => {
    const n = a.shape[0];
    let trailing = a; // what is left to factor, [n − at, n − at]
    let inverse: Tensor2D | null = null; // finished rows of L⁻¹, [at, at]
    let below: Tensor2D | null = null; // L[at:, :at] for the rows still to come
    for (let at = 0; at < n; at += BLOCK) {
      const size = Math.min(BLOCK, n - at);
      const rest = n - at - size;
      const diagonal = readFloats(slice(trailing, [0, 0], [size, size]));
      const diagonalInverse = tensor2d(invertLower(factorLower(diagonal, size), size), [size, size]);
      inverse = appendRows(inverse, below && slice(below, [0, 0], [size, at]), diagonalInverse);
      if (rest === 0) break;
      const column = slice(trailing, [size, 0], [rest, size]);
      const panel = matMul(column, diagonalInverse, false, true); // L[rest, block] = A Lᵦ⁻ᵀ
      trailing = sub(
        slice(trailing, [size, size], [rest, rest]),
        matMul(panel, panel, false, true),
      ) as Tensor2D;
      below = below ? (concat([slice(below, [size, 0], [rest, at]), panel], 1) as Tensor2D) : panel;
    }
    return inverse as unknown as Tensor2D;
  });
}

/** The next rows of L⁻¹: [−Lᵦ⁻¹ L[block, :at] L⁻¹[:at], Lᵦ⁻¹]; earlier rows are widened with zeros. */
function appendRows(inverse: Tensor2D | null, left: Tensor2D | null, diagonalInverse: Tensor2D): Tensor2D {
  if (!inverse || !left) return diagonalInverse;
  const [size] = diagonalInverse.shape;
  const at = inverse.shape[0];
  const row = concat(
    [sub(0, matMul(diagonalInverse, matMul(left, inverse))) as Tensor2D, diagonalInverse],
    1,
  );
  const widened = concat([inverse, tensor2d(new Float32Array(at * size), [at, size])], 1);
  return concat([widened, row], 0) as Tensor2D;
}

/** Cholesky factor of a small matrix, in float64; [size, size] row-major. */
function factorLower(a: Float32Array, size: number): Float64Array {
  const l = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * size + j];
      for (let k = 0; k < j; k++) rest -= l[i * size + k] * l[j * size + k];
      if (i === j && !(rest > 0)) throw new NotPositiveDefinite(`pivot ${rest} is not positive`);
      l[i * size + j] = i === j ? Math.sqrt(rest) : rest / l[j * size + j];
    }
  }
  return l;
}

/** Inverse of a small lower triangular matrix, in float64. */
function invertLower(l: Float64Array, size: number): Float32Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    inverse[i * size + i] = 1 / l[i * size + i];
    for (let j = 0; j < i; j++) {
      let total = 0;
      for (let k = j; k < i; k++) total += l[i * size + k] * inverse[k * size + j];
      inverse[i * size + j] = -total / l[i * size + i];
    }
  }
  return Float32Array.from(inverse);
}
