import { describe, expect, it } from 'vitest';
import {
  defaultBlockColumns,
  type Mask,
  maskLowest,
  zerosIn,
  zerosWanted,
} from '../../../src/engine/pruning/mask.ts';
import { randomValues } from '../random-values.ts';

/** 1 where a weight is kept, row by row. */
const keptIn = ({ rows, columns, bits }: Mask) =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const flat = row * columns + column;
      return (bits[flat >> 3] >> (flat & 7)) & 1;
    }),
  );

const keys = Float32Array.from(
  [
    [1, 9, 3, 7, 5],
    [2, 8, 4, 6, 0],
  ].flat(),
);

describe('maskLowest', () => {
  it('removes the lowest of the whole matrix', () => {
    const mask = maskLowest(keys, 2, 5, { sparsity: 0.5, blockColumns: null });
    expect(keptIn(mask)).toEqual([
      [0, 1, 0, 1, 1],
      [0, 1, 0, 1, 0],
    ]);
    expect(zerosIn(mask)).toBe(5);
  });

  it('removes the lowest of each block of columns, the last of which may be narrower', () => {
    const mask = maskLowest(keys, 2, 5, { sparsity: 0.5, blockColumns: 3 });
    expect(keptIn(mask)).toEqual([
      [0, 1, 0, 1, 0],
      [0, 1, 1, 1, 0],
    ]);
    const even = maskLowest(Float32Array.of(9, 8, 1, 2, 7, 6, 3, 4), 2, 4, {
      sparsity: 0.5,
      blockColumns: 2,
    });
    expect(keptIn(even)).toEqual([
      [1, 1, 0, 0],
      [0, 0, 1, 1],
    ]);
  });

  it('is the same for a block as wide as the matrix, or wider', () => {
    const whole = maskLowest(keys, 2, 5, { sparsity: 0.3, blockColumns: null });
    expect(maskLowest(keys, 2, 5, { sparsity: 0.3, blockColumns: 5 })).toEqual(whole);
    expect(maskLowest(keys, 2, 5, { sparsity: 0.3, blockColumns: 128 })).toEqual(whole);
    expect(zerosIn(whole)).toBe(3);
  });

  it('rounds the number of zeros down, in the matrix or in each block', () => {
    const at = (sparsity: number, blockColumns: number | null) =>
      zerosIn(maskLowest(Float32Array.from(randomValues(63, 1)), 7, 9, { sparsity, blockColumns }));
    expect(at(0.5, null)).toBe(31);
    expect(at(0.5, 4)).toBe(14 + 14 + 3);
    expect(at(0.01, null)).toBe(0);
    expect(at(0.999, null)).toBe(62);
  });

  it('has no bit set beyond the last weight', () => {
    const { bits } = maskLowest(keys, 2, 5, { sparsity: 0.1, blockColumns: null });
    expect(bits).toHaveLength(2);
    expect(bits[1] >> 2).toBe(0);
    expect(maskLowest(new Float32Array(16), 4, 4, { sparsity: 0.1, blockColumns: null }).bits[1]).toBe(0xff);
  });
});

describe('comparison groups', () => {
  it('by row: the lowest of each row, the count rounded down in each', () => {
    const mask = maskLowest(keys, 2, 5, { sparsity: 0.5, blockColumns: null, byRow: true });
    expect(keptIn(mask)).toEqual([
      [0, 1, 0, 1, 1],
      [0, 1, 1, 1, 0],
    ]);
  });

  it('by row of each block', () => {
    const grouping = { sparsity: 0.5, blockColumns: 2, byRow: true };
    expect(keptIn(maskLowest(Float32Array.of(9, 8, 1, 2, 7, 6, 4, 3), 2, 4, grouping))).toEqual([
      [1, 0, 0, 1],
      [1, 0, 1, 0],
    ]);
  });

  it('of equals, the first of a row goes', () => {
    const mask = maskLowest(new Float32Array(8), 2, 4, { sparsity: 0.5, blockColumns: null, byRow: true });
    expect(keptIn(mask)).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ]);
  });

  it('carried: rows make up for what rounding leaves', () => {
    const values = Float32Array.from(randomValues(70, 2));
    const grouping = { sparsity: 0.33, blockColumns: null, byRow: true };
    expect(zerosIn(maskLowest(values, 10, 7, grouping))).toBe(20);
    expect(zerosIn(maskLowest(values, 10, 7, { ...grouping, carried: true }))).toBe(23);
  });

  it.each([
    { sparsity: 0.37, blockColumns: null },
    { sparsity: 0.37, blockColumns: 4 },
    { sparsity: 0.37, blockColumns: 4, byRow: true },
    { sparsity: 0.37, blockColumns: 4, byRow: true, carried: true },
    { sparsity: 0.37, blockColumns: null, byRow: true, carried: true },
  ])('the zeros are known before: %o', (grouping) => {
    const values = Float32Array.from(randomValues(7 * 90, 2));
    expect(zerosIn(maskLowest(values, 7, 90, grouping))).toBe(zerosWanted(7, 90, grouping));
  });
});

describe('defaultBlockColumns', () => {
  it('is 128, and 344 for a down projection of LLaMA2-7B', () => {
    expect(defaultBlockColumns(4096)).toBe(128);
    expect(defaultBlockColumns(11008)).toBe(344);
  });
});
