import { type Tensor3D, tensor } from '../tensor/ops.ts';

/**
 * The slopes of ALiBi (Press et al. 2022): for a power of two n of heads 2^(−8/n), its square, and so on; the heads beyond a
 * power of two take every other slope of twice as many.
 */
export function alibiSlopes(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const slopes = (of: number) => Array.from({ length: of }, (_, i) => 2 ** ((-8 / of) * (i + 1)));
  const between = slopes(2 * power).filter((_, i) => i % 2 === 0);
  return [...slopes(power), ...between.slice(0, heads - power)];
}

/**
 * What is added to a head's scores of `longest` keys before the last, slope · (key − last key); [H, 1, longest]. A query's
 * scores may all be shifted alike, so the same serves every query.
 */
export function alibiTable(heads: number, longest: number): Tensor3D {
  const values = new Float32Array(heads * longest);
  for (const [head, slope] of alibiSlopes(heads).entries()) {
    for (let key = 0; key < longest; key++) values[head * longest + key] = slope * (key - (longest - 1));
  }
  return tensor(values, [heads, 1, longest]);
}
