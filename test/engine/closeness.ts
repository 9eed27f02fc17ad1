import { expect } from 'vitest';

/** max |a − b| / max |b|; infinite where a value is not finite on one side only, or the lengths differ. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let apart = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    if (found[i] === expected[i]) {
      if (Number.isFinite(expected[i])) largest = Math.max(largest, Math.abs(expected[i]));
      continue;
    }
    const difference = Math.abs(found[i] - expected[i]);
    if (!Number.isFinite(difference)) return Infinity;
    apart = Math.max(apart, difference);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return apart === 0 ? 0 : apart / largest;
}

/** Expects values to agree within `tolerance` of the largest expected one. */
export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(relativeError(found, expected), what).toBeLessThanOrEqual(tolerance);
}
