/**
 * Divides a whole number by shares that add up to 1 (largest remainders, as Hamilton's method; ties go to the
 * earlier part), so that the parts add up to exactly `total`.
 */
export function apportion(total: number, shares: readonly number[]): number[] {
  // A quota that is whole but for rounding, such as 0.6 · 1000, counts as whole.
  const quotas = shares.map((share) => Number((share * total).toPrecision(12)));
  const counts = quotas.map(Math.floor);
  const byRemainder = quotas
    .map((quota, index) => ({ index, remainder: quota - Math.floor(quota) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const left = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { index } of byRemainder.slice(0, left)) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}
