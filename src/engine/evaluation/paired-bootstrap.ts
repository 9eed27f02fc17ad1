import { percentileInterval, RESAMPLES } from './resampling.ts';

/** How much better the second model is than the first, with the 95 % interval of that difference. */
export interface FigureDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** False where the interval covers 0, or there are too few items: they do not tell the two models apart. */
  readonly distinguishable: boolean;
  readonly items: number;
  readonly resamples: number;
  readonly seed: number;
}

/** Of fewer items even all differ in the same direction by chance in more than 5 % of the cases (2 · ½⁵ for five). */
const FEWEST_ITEMS = 6;

/** A figure over the items with these indices; it need not be a mean (macro-F1 is none). */
export type FigureOfItems = (drawn: readonly number[]) => number;

/**
 * Difference of a figure between two models on the same items. Each resample draws items with replacement, the same
 * ones for both models, so that an item that is hard for both does not widen the interval.
 *
 * @throws RangeError if there are no items
 */
export function pairedBootstrap(
  items: number,
  first: FigureOfItems,
  second: FigureOfItems,
  seed: number,
  resamples = RESAMPLES,
): FigureDifference {
  if (items === 0) throw new RangeError('no items');
  const differenceOf: FigureOfItems = (drawn) => second(drawn) - first(drawn);
  const { low, high } = percentileInterval(items, differenceOf, seed, resamples);
  const difference = differenceOf([...Array(items).keys()]);
  const distinguishable = items >= FEWEST_ITEMS && (low > 0 || high < 0);
  return { difference, low, high, distinguishable, items, resamples, seed };
}
