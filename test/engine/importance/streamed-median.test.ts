import { describe, expect, it } from 'vitest';
import { streamedMedian } from '../../../src/engine/importance/streamed-median.ts';
import { randomValues, seededUniform } from '../random-values.ts';

/** The values in parts of uneven lengths, one of them empty. */
const inParts = (values: Float32Array) =>
  async function* () {
    yield values.subarray(0, 3);
    yield values.subarray(3, 3);
    yield values.subarray(3);
  };

function bySort(values: Float32Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

describe('streamedMedian', () => {
  it.each([1, 2, 3, 4, 999, 1000])('is exact for %i values', async (length) => {
    const values = Float32Array.from(randomValues(length, length), (value) => value ** 8 * 1e-9);
    expect(await streamedMedian(inParts(values))).toBe(bySort(values));
  });

  it('is exact with ties, zeros and values far apart', async () => {
    const uniform = seededUniform(1);
    for (let round = 0; round < 50; round++) {
      const values = Float32Array.from({ length: 1 + Math.floor(uniform() * 30) }, () =>
        uniform() < 0.3 ? 0 : 10 ** Math.floor(40 * (uniform() - 0.9)),
      );
      expect(await streamedMedian(inParts(values)), `round ${round}`).toBe(bySort(values));
    }
  });

  it('of an even number is the mean of the middle two', async () => {
    expect(await streamedMedian(inParts(Float32Array.of(4, 1, 2, 8)))).toBe(3);
  });

  it('has no median of nothing', async () => {
    await expect(streamedMedian(inParts(new Float32Array(0)))).rejects.toThrow(RangeError);
  });
});
