import { expect, it } from 'vitest';
import { learningRateShare } from '../../../../scripts/demo/training/learning-rate.ts';

it('learningRateShare rises to one, is 0.55 half-way down and ends at a tenth', () => {
  expect(learningRateShare(5, 10, 110)).toBe(0.5);
  expect(learningRateShare(10, 10, 110)).toBe(1);
  expect(learningRateShare(60, 10, 110)).toBeCloseTo(0.55, 12);
  expect(learningRateShare(110, 10, 110)).toBeCloseTo(0.1, 12);
});
