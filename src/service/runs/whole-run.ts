import type { RUN_STEPS } from '../../contract/run-progress.ts';

export type RunStep = (typeof RUN_STEPS)[number];

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How far pruning may be from what its operations beside those of measuring amount to. */
const UNCERTAIN: Range = { low: 0.5, high: 2 };

export interface WholeRunOptions {
  /** Whether the models are measured before and after. */
  readonly isMeasured: boolean;
  /** How many times the operations of measuring are those of pruning; null where it cannot be told. */
  readonly pruningBesideMeasuring: number | null;
  /** The part of the measuring that this attempt does with the dense model; the rest was done before. */
  readonly shareOfDense: number;
}

/** The time left in a whole run, from the time left in its step at work. */
export class WholeRun {
  private readonly options: WholeRunOptions;
  private measuringMs: number | null = null;

  constructor(options: WholeRunOptions) {
    this.options = options;
  }

  /** @param spentMs in this step so far @param left in this step @returns null as long as it cannot be told */
  left(step: RunStep, spentMs: number, left: Range): Range | null {
    const { isMeasured, pruningBesideMeasuring: beside, shareOfDense } = this.options;
    if (step === 'measure-pruned') return left;
    if (step === 'prune') {
      if (!isMeasured) return left;
      if (this.measuringMs !== null) return plus(left, same(this.measuringMs));
      if (beside === null) return null;
      return plus(left, times(plus(same(spentMs), left), inverse(times(UNCERTAIN, same(beside)))));
    }
    const measuring = times(plus(same(spentMs), left), same(1 / Math.max(shareOfDense, 0.01)));
    this.measuringMs = (measuring.low + measuring.high) / 2;
    if (beside === null) return null;
    return plus(left, plus(measuring, times(measuring, times(UNCERTAIN, same(beside)))));
  }
}

const same = (value: number): Range => ({ low: value, high: value });
const plus = (one: Range, other: Range): Range => ({
  low: one.low + other.low,
  high: one.high + other.high,
});
const times = (one: Range, other: Range): Range => ({
  low: one.low * other.low,
  high: one.high * other.high,
});
const inverse = ({ low, high }: Range): Range => ({ low: 1 / high, high: 1 / low });
