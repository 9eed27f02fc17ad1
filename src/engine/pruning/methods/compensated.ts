import type { PruneSettings } from '../../../contract/settings.ts';
import { solveKept } from '../exact-update.ts';
import { prunedBy } from '../mask.ts';
import { updateWeights } from '../optimal-brain-update.ts';
import type { GroupToPrune, PrunedGroup, PruningMethod } from './pruning-method.ts';

/** Columns of a block of the sweep; it decides the order of the arithmetic, not its result. */
const BLOCK_COLUMNS = 128;

/**
 * A method's masks with the closed-form update of the kept weights (Optimal Brain Surgeon), on the pruned model's own
 * activations: `exact`, the best that they can be; or `sweep`, a column at a time as SparseGPT makes it for the masks of its own.
 */
export const compensated = (
  method: PruningMethod,
  { damping, update }: Pick<PruneSettings, 'damping' | 'update'>,
): PruningMethod => ({
  needs: 'moments',
  async prune(group) {
    const chosen = await method.prune(group);
    const [, columns] = group.weight.shape;
    const pruned = new Uint8Array(group.weightValues.length);
    for (const [i, { begin }] of group.linears.entries())
      pruned.set(prunedBy(chosen.matrices[i].mask), begin * columns);
    const updated =
      update === 'exact' ? solveKept(group, pruned, damping) : await sweepFixed(group, pruned, damping);
    return { ...updated, notes: [...chosen.notes, ...updated.notes] };
  },
});

function sweepFixed(group: GroupToPrune, pruned: Uint8Array, damping: number): Promise<PrunedGroup> {
  const [, columns] = group.weight.shape;
  const ofBlock = (block: Float32Array, pivots: Float64Array, begin: number) =>
    columnsOf(pruned, columns, begin, pivots.length, block.length);
  return updateWeights(group, { ofBlock }, damping, BLOCK_COLUMNS);
}

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
