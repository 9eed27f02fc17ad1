import type { Mask } from '../pruning/mask.ts';

/** What becomes of a model's weights, by name; null for a weight that stays as it is. */
export interface PrunedWeights {
  readonly maskOf: (weightName: string) => Promise<Mask | null>;
  /** The new values of a weight whose kept ones were updated, as they are in the source's dtype. Absent: none was. */
  readonly weightOf?: (weightName: string) => Promise<Float32Array<ArrayBuffer> | null>;
}
