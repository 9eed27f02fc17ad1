/** So many weights are worked on at a time, so that what work on each row needs does not grow with the matrix. */
export const WEIGHTS_AT_ONCE = 2 ** 22;

/** The weights of a matrix by whole rows, `begin` to `end` of its flat row-major values; at least a row at a time. */
export function* rowRanges(size: number, columns: number): Generator<{ begin: number; end: number }> {
  const step = columns * Math.max(1, Math.floor(WEIGHTS_AT_ONCE / columns));
  for (let begin = 0; begin < size; begin += step) yield { begin, end: Math.min(size, begin + step) };
}
