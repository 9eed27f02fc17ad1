import { describe, expect, it } from 'vitest';
import { encodeLogs } from '../../../src/engine/importance/encode-logs.ts';
import { HISTOGRAM_BINS, jointHistogram } from '../../../src/engine/importance/joint-histogram.ts';
import { randomValues } from '../random-values.ts';

const encodeImportance = (importance: ArrayLike<number>) =>
  encodeLogs(Float32Array.from(importance, Math.log));

describe('jointHistogram', () => {
  it('counts each weight in the bin of its two codes', () => {
    const codes = (...values: number[]) => ({ codes: Uint16Array.from(values), low: 0, step: 1 });
    const counts = jointHistogram(codes(0, 1023, 1024, 65535, 65535), codes(0, 1, 0, 65535, 2048));
    const found = [...counts.entries()].filter(([, count]) => count > 0);
    expect(found).toEqual([
      [0, 2],
      [HISTOGRAM_BINS, 1],
      [63 * HISTOGRAM_BINS + 2, 1],
      [63 * HISTOGRAM_BINS + 63, 1],
    ]);
  });

  it('counts every weight once', () => {
    const of = (seed: number) => encodeImportance(randomValues(3000, seed).map((value) => value ** 2));
    const counts = jointHistogram(of(1), of(2));
    expect(counts).toHaveLength(HISTOGRAM_BINS ** 2);
    expect(counts.reduce((total, count) => total + count, 0)).toBe(3000);
  });
});
