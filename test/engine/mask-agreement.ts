import { expect } from 'vitest';

/** How two masks of a matrix compare. */
export interface MaskAgreement {
  readonly columns: number;
  /** Columns of a block in which the sparsity holds; null: the whole matrix. */
  readonly blockColumns: number | null;
  /** Nats within which two importances count as equal. */
  readonly resolution: number;
}

/**
 * Expects a mask to be the expected one but for ties: where they differ, the logarithm of the expected importance is
 * within the resolution of the highest one that is pruned in that block.
 * @param pruned and `expected` 1 where a weight is zero
 */
export function expectSameMask(
  pruned: Uint8Array,
  expected: ArrayLike<number>,
  logImportance: ArrayLike<number>,
  { columns, blockColumns, resolution }: MaskAgreement,
  what: string,
): void {
  const width = blockColumns ?? columns;
  const blockOf = (i: number) => Math.floor((i % columns) / width);
  const threshold = new Map<number, number>();
  const counts = new Map<number, number>();
  for (let i = 0; i < pruned.length; i++) {
    const block = blockOf(i);
    counts.set(block, (counts.get(block) ?? 0) + pruned[i] - expected[i]);
    if (expected[i]) threshold.set(block, Math.max(threshold.get(block) ?? -Infinity, logImportance[i]));
  }
  expect(
    [...counts.values()].every((count) => count === 0),
    `${what}: zeros of each block`,
  ).toBe(true);
  const wrong = [...pruned.keys()].filter(
    (i) =>
      pruned[i] !== expected[i] &&
      !(Math.abs(logImportance[i] - (threshold.get(blockOf(i)) as number)) <= resolution),
  );
  expect(wrong, `${what}: weights that differ without a tie`).toEqual([]);
}
