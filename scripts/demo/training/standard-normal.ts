import type { Random } from '../../../src/engine/calibration/random.ts';

const STEPS = 2 ** 32;

/** A standard normal number from two uniform ones (Box & Muller 1958). */
export function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log((random.below(STEPS) + 1) / STEPS));
  return radius * Math.cos((2 * Math.PI * random.below(STEPS)) / STEPS);
}
