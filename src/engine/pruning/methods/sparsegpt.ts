import { type Grouping, pruneLowest } from '../mask.ts';
import type { NmPattern } from '../n-m.ts';
import { type BlockChoice, updateWeights } from '../optimal-brain-update.ts';
import type { LinearRows, PruningMethod } from './pruning-method.ts';

/** Columns of a block, where the settings say nothing else. */
const BLOCK_COLUMNS = 128;

/**
 * SparseGPT (Frantar and Alistarh 2023, arXiv 2301.00774), as in its released code: block by block of columns the weights
 * with the lowest w² / [U_jj]² go (U the Cholesky factor of H⁻¹), and what they did is made up for by the weights
 * that come after them. With an N:M pattern the weights of each group are chosen when the sweep reaches it.
 * @param damping of the Hessian, a fraction of its mean diagonal
 */
export const sparsegpt = (damping: number): PruningMethod => ({
  needs: 'moments',
  prune: (group) => {
    const { grouping, linears } = group;
    const choice = grouping.pattern ? chooseOnTheWay(grouping.pattern) : chooseLowest(linears, grouping);
    return updateWeights(group, choice, damping, grouping.blockColumns ?? BLOCK_COLUMNS);
  },
});

/** In each block, the lowest of each linear layer (or of each of its rows). */
const chooseLowest = (
  linears: readonly LinearRows[],
  { sparsity, byRow = false, carried = false }: Grouping,
): BlockChoice => ({
  dropsDead: true,
  ofBlock(block, pivots) {
    const width = pivots.length;
    const scores = new Float32Array(block.length);
    for (let m = 0; m < scores.length; ) {
      for (let column = 0; column < width; column++, m++) scores[m] = (block[m] / pivots[column]) ** 2;
    }
    const pruned = new Uint8Array(block.length);
    for (const { begin, end } of linears) {
      const part = scores.slice(begin * width, end * width);
      const grouping = { sparsity, blockColumns: null, byRow, carried };
      pruned.set(pruneLowest(part, end - begin, width, grouping), begin * width);
    }
    return pruned;
  },
});

const chooseOnTheWay = (pattern: NmPattern): BlockChoice => ({
  pattern,
  dropsDead: true,
  ofBlock: (block) => new Uint8Array(block.length),
});
