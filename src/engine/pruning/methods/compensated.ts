import { prunedBy } from '../mask.ts';
import { updateWeights } from '../optimal-brain-update.ts';
import type { PruningMethod } from './pruning-method.ts';

/** Columns of a block; it decides the order of the arithmetic, not its result. */
const BLOCK_COLUMNS = 128;

/**
 * A method's masks with the closed-form update of the kept weights that SparseGPT makes for the masks of its own
 * (Optimal Brain Surgeon, a column at a time), on the pruned model's own activations.
 * @param damping of the Hessian, a fraction of its mean diagonal
 */
export const compensated = (method: PruningMethod, damping: number): PruningMethod => ({
  needs: 'moments',
  async prune(group) {
    const chosen = await method.prune(group);
    const [, columns] = group.weight.shape;
    const pruned = new Uint8Array(group.weightValues.length);
    for (const [i, { begin }] of group.linears.entries())
      pruned.set(prunedBy(chosen.matrices[i].mask), begin * columns);
    const updated = await updateWeights(
      group,
      { ofBlock: (block, pivots, begin) => columnsOf(pruned, columns, begin, pivots.length, block.length) },
      damping,
      BLOCK_COLUMNS,
    );
    return { ...updated, notes: [...chosen.notes, ...updated.notes] };
  },
});

/** [rows, width] out of [rows, columns]. */
function columnsOf(
  flags: Uint8Array,
  columns: number,
  begin: number,
  width: number,
  length: number,
): Uint8Array {
  const block = new Uint8Array(length);
  for (let row = 0; row < length / width; row++) {
    block.set(flags.subarray(row * columns + begin, row * columns + begin + width), row * width);
  }
  return block;
}
