import type { ElementRange, TensorEntry } from '../checkpoint/checkpoint.ts';
import { WEIGHT_BYTES } from '../checkpoint/half-precision.ts';
import type { Mask } from '../pruning/mask.ts';

/** What becomes of a tensor that is pruned. */
export interface PrunedTensor {
  readonly mask: Mask;
  /** All its elements in the source's dtype; null: as in the source. */
  readonly updated: Uint8Array<ArrayBuffer> | null;
}

/** null for a tensor that stays as it is. */
export type PrunedOf = (entry: TensorEntry) => Promise<PrunedTensor | null>;

/** The bytes of some elements before the mask is applied, in a buffer of their own. */
export function elementsBeforeMask(
  pruned: PrunedTensor | null,
  source: Uint8Array<ArrayBuffer>,
  { dtype }: TensorEntry,
  { first, count }: ElementRange,
): Uint8Array<ArrayBuffer> {
  if (!pruned?.updated) return source;
  return pruned.updated.slice(first * WEIGHT_BYTES[dtype], (first + count) * WEIGHT_BYTES[dtype]);
}
