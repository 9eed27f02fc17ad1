import { expect, it } from 'vitest';
import { timeTicks } from '../../../renderer/run/time-ticks.ts';
import { formatDuration } from '../../../renderer/words/quantities.ts';

it.each([
  ['a few seconds', 400, 4300, [1000, 2000, 3000, 4000]],
  ['a minute', 0, 60_000, [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]],
  ['hours', 0, 4 * 3_600_000, [0, 1, 2, 3, 4, 5, 6, 7, 8].map((half) => half * 1_800_000)],
  ['a moment', 100, 200, []],
])('%s has round ticks', (_, from, until, ticks) => {
  expect(timeTicks(from, until)).toEqual(ticks);
});

it.each([2500, 9000, 61_000, 754_321, 8_000_000, 400_000_000])(
  'of %d ms no two ticks read the same, and there are few',
  (until) => {
    const texts = timeTicks(0, until).map(formatDuration);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.length).toBeLessThanOrEqual(10);
  },
);
