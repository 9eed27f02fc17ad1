import { describe, expect, it } from 'vitest';
import { apportion } from '../../../src/engine/calibration/apportion.ts';

describe('apportion', () => {
  it.each([
    [1000, [0.2, 0.6, 0.2], [200, 600, 200]],
    [1000, [0.5, 0.5], [500, 500]],
    [128, [0.2, 0.6, 0.2], [26, 77, 25]],
    [3, [0.5, 0.5], [2, 1]],
    [1, [0.2, 0.6, 0.2], [0, 1, 0]],
    [0, [0.5, 0.5], [0, 0]],
    [7, [1], [7]],
  ])('divides %i by %j into %j', (total, shares, counts) => {
    expect(apportion(total, shares)).toEqual(counts);
  });

  it('always adds up to the total', () => {
    for (let total = 0; total < 500; total++) {
      const counts = apportion(total, [1 / 3, 1 / 3, 1 / 7, 4 / 21]);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
    }
  });
});
