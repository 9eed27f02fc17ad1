import { nativeCorrelations } from '../tensor/native-double.ts';
import type { InputMoments } from './hessian.ts';

/** ρ is kept to 1 in so many, which is finer than a calibration text tells it. */
const SCALE = 32767;

/**
 * How the inputs of a linear layer go together: ρ_ij = A_ij / √(A_ii A_jj) of A = Σ x xᵀ, from −1 to 1; 0 where one of the two
 * was 0 for every token. As 16-bit numbers, the lower triangle row by row (LAPACK's packed form): n (n + 1) / 2 of them.
 */
export function inputCorrelation(moments: InputMoments): Uint16Array<ArrayBuffer> {
  const scales = moments.squares().map((square) => (square > 0 ? 1 / Math.sqrt(square) : 0));
  const lower = moments.lower();
  if (lower) return nativeCorrelations(lower, scales);
  const n = scales.length;
  const packed = new Uint16Array((n * (n + 1)) / 2);
  for (const { row, values } of moments.upperRows()) {
    for (let k = 0; k < values.length; k++) {
      const column = row + k;
      const correlation = Math.min(1, Math.max(-1, values[k] * scales[row] * scales[column]));
      packed[(column * (column + 1)) / 2 + row] = Math.round((correlation + 1) * SCALE);
    }
  }
  return packed;
}

/** ρ of a packed triangle, [n, n]. */
export function unpackCorrelation(packed: Uint16Array, n: number): Float32Array<ArrayBuffer> {
  const correlation = new Float32Array(n * n);
  for (let row = 0, at = 0; row < n; row++) {
    for (let column = 0; column < row; column++, at++) {
      const value = packed[at] / SCALE - 1;
      correlation[row * n + column] = value;
      correlation[column * n + row] = value;
    }
    correlation[row * n + row] = 1;
    at++;
  }
  return correlation;
}
