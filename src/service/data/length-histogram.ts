const BINS = 16;

/** Even steps from 0, of a round width, so that about 16 of them reach the longest but for a few outliers. */
export function lengthHistogram(lengths: readonly number[]) {
  const sorted = [...lengths].sort((a, b) => a - b);
  const high = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  const width = roundUp(Math.max(1, (high + 1) / BINS));
  const last = Math.ceil((high + 1) / width);
  const counts = new Array<number>(last + 1).fill(0);
  for (const length of lengths) counts[Math.min(last, Math.floor(length / width))]++;
  return counts
    .map((records, bin) => ({ from: bin * width, below: bin === last ? null : (bin + 1) * width, records }))
    .filter(({ below, records }) => below !== null || records > 0);
}

/** The next of 1, 2, 4, 8, 16, 32 … */
const roundUp = (width: number): number => 2 ** Math.ceil(Math.log2(width));
