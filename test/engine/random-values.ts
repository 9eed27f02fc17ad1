/** Numbers in [0, 1) from a seed (mulberry32). */
export function seededUniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Float32 values between −1 and 1, held in float64 so that references can be computed from the same numbers. */
export function randomValues(length: number, seed: number): Float64Array<ArrayBuffer> {
  const uniform = seededUniform(seed);
  return Float64Array.from({ length }, () => Math.fround(2 * uniform() - 1));
}
