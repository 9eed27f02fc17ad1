import { describe, expect, it } from 'vitest';
import { WholeRun } from '../../../src/service/runs/whole-run.ts';

const left = { low: 4000, high: 6000 };

describe('the time left in a whole run', () => {
  it('begins as wide as operations can say it', () => {
    const run = new WholeRun({ isMeasured: true, pruningBesideMeasuring: 3, shareOfDense: 1 });
    // Measuring takes 9 to 11 s, again afterwards; pruning between half of three times that and twice.
    expect(run.left('measure-dense', 5000, left)).toEqual({
      low: 4000 + 9000 + 1.5 * 9000,
      high: 6000 + 11_000 + 6 * 11_000,
    });
  });

  it('knows how long measuring takes once it has been done', () => {
    const run = new WholeRun({ isMeasured: true, pruningBesideMeasuring: 3, shareOfDense: 1 });
    run.left('measure-dense', 10_000, { low: 0, high: 0 });
    expect(run.left('prune', 5000, left)).toEqual({ low: 14_000, high: 16_000 });
    expect(run.left('measure-pruned', 5000, left)).toEqual(left);
  });

  it('allows for what an earlier attempt has measured', () => {
    const run = new WholeRun({ isMeasured: true, pruningBesideMeasuring: null, shareOfDense: 0.5 });
    expect(run.left('measure-dense', 10_000, { low: 0, high: 0 })).toBeNull();
    expect(run.left('prune', 5000, left)).toEqual({ low: 24_000, high: 26_000 });
  });

  it('of a run that was resumed in the middle of pruning goes by operations again', () => {
    const run = new WholeRun({ isMeasured: true, pruningBesideMeasuring: 2, shareOfDense: 0 });
    expect(run.left('prune', 5000, left)).toEqual({ low: 4000 + 9000 / 4, high: 6000 + 11_000 });
  });

  it('is that of pruning where nothing is measured', () => {
    const run = new WholeRun({ isMeasured: false, pruningBesideMeasuring: null, shareOfDense: 0 });
    expect(run.left('prune', 5000, left)).toEqual(left);
  });
});
