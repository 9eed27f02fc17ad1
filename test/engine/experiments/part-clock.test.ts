import { expect, it } from 'vitest';
import { PartClock } from '../../../src/engine/experiments/part-clock.ts';

it('takes the parts that follow to be like the one at work', () => {
  let now = 0;
  const clock = new PartClock(3, () => now);
  clock.begin(0);
  now = 10_000;
  expect(clock.remainingMs(20_000)).toBe(20_000 + 2 * 30_000);
  now = 30_000;
  clock.begin(2);
  now = 45_000;
  expect(clock.remainingMs(5000)).toBe(5000);
});
