import { seededRandom } from '../calibration/random.ts';

/** How much better the second model is than the first, with the 95 % interval of that difference. */
export interface FigureDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** False where the interval covers 0: the items do not tell the two models apart. */
  readonly distinguishable: boolean;
  readonly items: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Difference of a figure between two models on the same items. Each resample draws items with replacement, the same
 * ones for both models, so that an item that is hard for both does not widen the interval.
 *
 * @param figure takes the outcomes of one model on some items; it need not be a mean (macro-F1 is none)
 * @throws RangeError if there are no items or the two models have not seen equally many
 */
export function pairedBootstrap<Outcome>(
  first: readonly Outcome[],
  second: readonly Outcome[],
  figure: (outcomes: readonly Outcome[]) => number,
  seed: number,
  resamples = 2000,
): FigureDifference {
  const items = first.length;
  if (items === 0 || items !== second.length) throw new RangeError(`${items} and ${second.length} outcomes`);
  const random = seededRandom(seed, 'paired-bootstrap');
  const differences = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = Array.from({ length: items }, () => random.below(items));
    const pick = (outcomes: readonly Outcome[]) => drawn.map((item) => outcomes[item] as Outcome);
    differences[resample] = figure(pick(second)) - figure(pick(first));
  }
  differences.sort();
  const low = quantile(differences, 0.025);
  const high = quantile(differences, 0.975);
  const difference = figure(second) - figure(first);
  return { difference, low, high, distinguishable: low > 0 || high < 0, items, resamples, seed };
}

/** Linear between the two nearest of the sorted values. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
