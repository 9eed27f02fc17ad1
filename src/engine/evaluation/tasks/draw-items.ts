import { seededRandom, shuffled } from '../../calibration/random.ts';

/** So many of the items, drawn by the seed, in the order they had; all where there are no more. */
export function drawItems<T>(
  items: readonly T[],
  wanted: number | null,
  seed: number,
  task: string,
): readonly T[] {
  if (wanted === null || wanted >= items.length) return items;
  const random = seededRandom(seed, `task/${task}`);
  const drawn = new Set(shuffled([...items.keys()], random).slice(0, wanted));
  return items.filter((_, i) => drawn.has(i));
}
