import type { Mask } from '../mask.ts';
import type { PruningMethod } from './pruning-method.ts';

/** Masks that were chosen elsewhere, by weight name. */
export const fixedMasks = (maskOf: (weightName: string) => Promise<Mask | null>): PruningMethod => ({
  needs: 'none',
  async prune({ linears }) {
    const masks = await Promise.all(linears.map(({ name }) => maskOf(name)));
    const matrices = masks.map((mask, i) => {
      if (!mask) throw new Error(`there is no mask of ${linears[i].name}`);
      return { mask, values: null };
    });
    return { matrices, notes: [] };
  },
});
