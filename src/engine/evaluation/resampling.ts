import { seededRandom } from '../calibration/random.ts';

export const RESAMPLES = 2000;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % percentile interval of a statistic over resamples of the items, each drawn with replacement.
 * @param statistic of the items with these indices
 */
export function percentileInterval(
  items: number,
  statistic: (drawn: readonly number[]) => number,
  seed: number,
  resamples: number,
): Interval {
  const random = seededRandom(seed, 'paired-bootstrap');
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    values[resample] = statistic(Array.from({ length: items }, () => random.below(items)));
  }
  values.sort();
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** Linear between the two nearest of the sorted values. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
