/** Semi-structured sparsity: of each `group` consecutive weights of a row (along the inputs) `kept` stay. */
export interface NmPattern {
  readonly kept: number;
  readonly group: number;
}

/** The patterns by name; `null` is unstructured. */
export const PATTERNS = {
  unstructured: null,
  '2:4': { kept: 2, group: 4 },
  '4:8': { kept: 4, group: 8 },
} as const satisfies Record<string, NmPattern | null>;

/**
 * Marks the lowest keys of each group of consecutive weights; of equals, the first.
 * @param keys [rows, columns] row-major; `columns` is a multiple of the pattern's group
 * @returns 1 for each weight to be pruned
 */
export function pruneByPattern(keys: Float32Array, columns: number, pattern: NmPattern): Uint8Array {
  if (columns % pattern.group !== 0) throw new RangeError(`${columns} columns are no whole groups`);
  const pruned = new Uint8Array(keys.length);
  for (let start = 0; start < keys.length; start += pattern.group) pruneGroup(keys, start, pattern, pruned);
  return pruned;
}

/** Marks the lowest keys of the one group that begins at `start`. */
export function pruneGroup(
  keys: Float32Array | Float64Array,
  start: number,
  { kept, group }: NmPattern,
  pruned: Uint8Array,
  prunedStart = start,
): void {
  for (let left = group - kept; left > 0; left--) {
    let least = -1;
    for (let i = 0; i < group; i++) {
      if (pruned[prunedStart + i] === 0 && (least === -1 || keys[start + i] < keys[start + least])) least = i;
    }
    pruned[prunedStart + least] = 1;
  }
}
