import { expect, it } from 'vitest';
import { coarsen } from '../../../renderer/results/coarsen.ts';
import { rebin } from '../../../renderer/results/rebin.ts';

const distribution = (low: number, high: number, counts: number[]) => ({
  low,
  high,
  counts,
  dead: 0,
  mean: 0,
  quantiles: [0, 0, 0, 0, 0] as [number, number, number, number, number],
});

it('a bin is spread evenly over those that it overlaps', () => {
  expect(rebin(distribution(0, 2, [4, 4]), 0, 4, 8)).toEqual([0.25, 0.25, 0.25, 0.25, 0, 0, 0, 0]);
});

it('bins are added up where the new ones are wider, and nothing is lost', () => {
  const shares = rebin(distribution(-3, 3, [1, 2, 3, 4, 5, 6]), -3, 3, 3);
  expect(shares.map((share) => share * 21)).toEqual([3, 7, 11].map((count) => expect.closeTo(count)));
});

it('a distribution of one value stands in one bin', () => {
  const shares = rebin(distribution(1, 1, [7]), 0, 2, 4);
  expect(shares).toEqual([0, 0, 1, 0]);
});

it('a distribution of nothing has no shares', () => {
  expect(rebin(distribution(0, 1, [0, 0]), 0, 1, 2)).toEqual([0, 0]);
});

it('a square histogram with too many bins is made coarser, and no weight is lost', () => {
  const counts = Array.from({ length: 25 }, (_, index) => index);
  const { cells, size } = coarsen(counts, 5, 3);
  expect(size).toBe(3);
  expect(cells[0]).toEqual([0 + 1 + 5 + 6, 2 + 3 + 7 + 8, 4 + 9]);
  expect(cells.flat().reduce((a, b) => a + b, 0)).toBe((24 * 25) / 2);
});
