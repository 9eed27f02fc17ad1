import { describe, expect, it } from 'vitest';
import { packSamples } from '../../../src/engine/model/segments.ts';

const samples = (...lengths: number[]) => {
  let next = 0;
  return lengths.map((length) => Int32Array.from({ length }, () => next++));
};
const lengthsOf = (packs: ReturnType<typeof packSamples>) =>
  packs.map((pack) => pack.segments.map((segment) => segment.length));

describe('packSamples', () => {
  it('puts whole samples one after the other, in order, up to the limit', () => {
    const packs = packSamples(samples(3, 2, 4, 1), 5);
    expect(packs).toEqual([
      {
        inputIds: Int32Array.of(0, 1, 2, 3, 4),
        segments: [
          { start: 0, length: 3 },
          { start: 3, length: 2 },
        ],
      },
      {
        inputIds: Int32Array.of(5, 6, 7, 8, 9),
        segments: [
          { start: 0, length: 4 },
          { start: 4, length: 1 },
        ],
      },
    ]);
  });

  it('gives a sample that is longer than the limit a pack of its own', () => {
    expect(lengthsOf(packSamples(samples(2, 9, 2), 5))).toEqual([[2], [9], [2]]);
    expect(lengthsOf(packSamples(samples(9), 5))).toEqual([[9]]);
  });

  it('has no pack for no sample', () => {
    expect(packSamples([], 5)).toEqual([]);
  });
});
