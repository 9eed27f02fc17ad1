export interface Measured {
  readonly what: string;
  readonly milliseconds: readonly number[];
}

/** `median 12 ms, 95 % within 20 ms, most 31 ms (of 40)`; nothing of nothing. */
export function describeSpread(milliseconds: readonly number[]): string {
  if (milliseconds.length === 0) return 'not measured';
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
  return `median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, most ${at(1)} ms (of ${sorted.length})`;
}
