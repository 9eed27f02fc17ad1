import { describe, expect, it } from 'vitest';
import { lowest } from '../../../src/engine/pruning/lowest.ts';
import { seededUniform } from '../random-values.ts';

const chosen = (keys: readonly number[], k: number) => [...lowest(Float32Array.from(keys), k)];

/** By a stable sort: of equal keys the first ones. */
function bySort(keys: Float32Array, k: number): Uint8Array {
  const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
  const marks = new Uint8Array(keys.length);
  for (const i of order.slice(0, k)) marks[i] = 1;
  return marks;
}

describe('lowest', () => {
  it('marks the k lowest keys', () => {
    expect(chosen([3, -1, 2, -5, 0], 2)).toEqual([0, 1, 0, 1, 0]);
    expect(chosen([3, -1, 2, -5, 0], 3)).toEqual([0, 1, 0, 1, 1]);
  });

  it('takes the first of equal keys', () => {
    expect(chosen([1, 1, 1, 1], 2)).toEqual([1, 1, 0, 0]);
    expect(chosen([2, 1, 2, 1, 2], 3)).toEqual([1, 1, 0, 1, 0]);
  });

  it('takes −∞ before all others', () => {
    expect(chosen([-3e38, -Infinity, 0, -Infinity], 1)).toEqual([0, 1, 0, 0]);
    expect(chosen([-3e38, -Infinity, 0, -Infinity], 3)).toEqual([1, 1, 0, 1]);
  });

  it('marks none for k = 0 and all for k = n', () => {
    expect(chosen([2, 1], 0)).toEqual([0, 0]);
    expect(chosen([2, 1], 2)).toEqual([1, 1]);
    expect(chosen([], 0)).toEqual([]);
  });

  it('cannot mark more than there are', () => {
    expect(() => chosen([2, 1], 3)).toThrow(RangeError);
  });

  it('reads a part of a larger array as just that part', () => {
    const all = Float32Array.of(-9, 5, 4, 3, -9);
    expect([...lowest(all.subarray(1, 4), 1)]).toEqual([0, 0, 1]);
  });

  it('agrees with a stable sort on random keys with many ties', () => {
    const uniform = seededUniform(1);
    for (let round = 0; round < 300; round++) {
      const levels = 1 + Math.floor(uniform() * 40);
      const scale = 10 ** (12 * (uniform() - 0.5));
      const keys = Float32Array.from({ length: 1 + Math.floor(uniform() * 200) }, () =>
        uniform() < 0.05 ? -Infinity : scale * (Math.floor(uniform() * levels) - levels / 2),
      );
      const k = Math.floor(uniform() * (keys.length + 1));
      expect(lowest(keys, k), `round ${round}`).toEqual(bySort(keys, k));
    }
  });

  it('agrees with a stable sort on keys that differ in their last bits', () => {
    const uniform = seededUniform(2);
    const bits = Uint32Array.from({ length: 3000 }, () => 0x3f800000 + Math.floor(uniform() * 500));
    const keys = new Float32Array(bits.buffer);
    expect(lowest(keys, 1500)).toEqual(bySort(keys, 1500));
  });
});
