import type { PruneSettings } from '../../contract/settings.ts';

/**
 * The sequences that Wanda, SparseGPT, compensation and OWL see. `mix`: as many of the domain as of the open text, half of
 * the smaller number of sequences of the two (rounded up) from each: the first ones, by turns. 64 and 64 sequences
 * make 32 and 32; so a method that needs one text sees as many sequences as each of D-Pruner's two passes. `both`: all of
 * both texts; `domain` and `open`: all of that text.
 */
export function halfAndHalf(
  domain: readonly Int32Array[],
  open: readonly Int32Array[],
  from: PruneSettings['calibrateOn'],
): readonly Int32Array[] {
  if (from === 'both') return [...domain, ...open];
  if (from !== 'mix') return from === 'domain' ? domain : open;
  const half = Math.ceil(Math.min(domain.length, open.length) / 2);
  return Array.from({ length: half }, (_, i) => [domain[i], open[i]]).flat();
}
