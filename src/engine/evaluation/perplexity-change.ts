import type { WindowNll } from './perplexity.ts';
import { percentileInterval, RESAMPLES } from './resampling.ts';

/** How much higher a perplexity is than another on the same windows, relative to it, with its 95 % interval. */
export interface PerplexityChange {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** False where the interval holds 0, or there are too few windows: the text does not tell the models apart. */
  readonly distinguishable: boolean;
}

/** Of fewer windows even all differ in the same direction by chance in more than 5 % of the cases (2 · ½⁵ for five). */
const FEWEST_WINDOWS = 6;
const SEED = 0;

/**
 * The second model's perplexity over the first's, less 1. Each resample draws windows with replacement, the same ones for both
 * models, so that a passage that is hard for both does not widen the interval.
 */
export function perplexityChange(
  first: readonly WindowNll[],
  second: readonly WindowNll[],
): PerplexityChange {
  const change = (drawn: readonly number[]) => {
    let nats = 0;
    let tokens = 0;
    for (const window of drawn) {
      nats += (second[window]?.nll ?? 0) - (first[window]?.nll ?? 0);
      tokens += first[window]?.tokens ?? 0;
    }
    return Math.exp(nats / tokens) - 1;
  };
  const { low, high } = percentileInterval(first.length, change, SEED, RESAMPLES);
  return {
    value: change([...first.keys()]),
    low,
    high,
    distinguishable: first.length >= FEWEST_WINDOWS && (low > 0 || high < 0),
  };
}
