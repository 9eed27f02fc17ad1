import { describe, expect, it } from 'vitest';
import type { Progress, Stage } from '../../../src/contract/progress.ts';
import { ComparisonClock } from '../../../src/engine/comparison/comparison-clock.ts';

/** The dense model and three masks of one scoring. */
const rows = [{ scores: null }, ...['a', 'a', 'a'].map((scores) => ({ scores }))];

function clockAt(scoringBesideMeasuring: number | null, of = rows) {
  let now = 0;
  const clock = new ComparisonClock(of, scoringBesideMeasuring, () => now);
  return {
    finished: (scoring: number, pruning: number, measuring: number) =>
      clock.finished({ seconds: { scoring, pruning, measuring } }),
    left: (stage: Stage, remainingMs: number | undefined, atMs: number) => {
      now = atMs;
      const progress: Progress = {
        stage,
        done: 1,
        total: 4,
        ...(remainingMs !== undefined && { remainingMs }),
      };
      return clock.remainingMs(progress);
    },
  };
}

describe('the time left in a comparison', () => {
  it('is told by operations before anything else has been timed', () => {
    const clock = clockAt(3);
    clock.left('evaluate', undefined, 0);
    // Measuring takes 2 + 8 s, one scoring three times as long, and three more models are measured.
    expect(clock.left('evaluate', 8000, 2000)).toBe(8000 + 30_000 + 3 * 10_000);
  });

  it('is not told where nothing says how long scoring takes', () => {
    const clock = clockAt(null);
    clock.left('evaluate', undefined, 0);
    expect(clock.left('evaluate', 8000, 2000)).toBeUndefined();
  });

  it('takes over what was measured, and counts scores that are shared once', () => {
    const clock = clockAt(null);
    clock.finished(0, 0, 10);
    clock.left('general', undefined, 0);
    expect(clock.left('general', 25_000, 5000)).toBe(25_000 + 3 * 10_000);
    clock.finished(30, 1, 10);
    clock.left('evaluate', undefined, 50_000);
    expect(clock.left('evaluate', 900, 54_000)).toBe(6000 + 11_000);
    clock.finished(30, 1, 10);
    clock.left('evaluate', undefined, 70_000);
    expect(clock.left('evaluate', 900, 79_000)).toBe(1000);
  });

  it('counts each scoring that is still to come', () => {
    const clock = clockAt(null, [{ scores: null }, { scores: 'a' }, { scores: 'b' }, { scores: 'c' }]);
    clock.finished(0, 0, 10);
    clock.left('backward', undefined, 0);
    expect(clock.left('backward', 20_000, 0)).toBe(20_000 + 3 * 10_000 + 2 * 20_000);
  });
});
