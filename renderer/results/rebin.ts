import type { Distribution } from '../../src/contract/importance.ts';

/**
 * The distribution over `bins` even bins from `low` to `high`, as shares of all its weights; each of its own bins is
 * spread evenly over those that it overlaps.
 */
export function rebin(
  { low: from, high: to, counts }: Distribution,
  low: number,
  high: number,
  bins: number,
): number[] {
  const shares = new Array<number>(bins).fill(0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const width = (high - low) / bins;
  const ownWidth = (to - from) / counts.length;
  if (total === 0 || width <= 0) return shares;
  counts.forEach((count, index) => {
    const start = (from + index * ownWidth - low) / width;
    const end = ownWidth > 0 ? start + ownWidth / width : start;
    const first = Math.min(bins - 1, Math.max(0, Math.floor(start)));
    const last = Math.min(bins - 1, Math.max(first, Math.ceil(end) - 1));
    for (let bin = first; bin <= last; bin++) {
      const overlap = first === last ? 1 : (Math.min(end, bin + 1) - Math.max(start, bin)) / (end - start);
      shares[bin] = (shares[bin] ?? 0) + (count * overlap) / total;
    }
  });
  return shares;
}
