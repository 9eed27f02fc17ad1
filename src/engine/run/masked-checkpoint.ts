import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { applyPruned } from '../pruning/prune-layers.ts';
import type { PrunedWeights } from './pruned-weights.ts';

/** A checkpoint as it will be once it is pruned; nothing is written. */
export function maskedCheckpoint(checkpoint: Checkpoint, { maskOf, weightOf }: PrunedWeights): Checkpoint {
  return {
    dir: checkpoint.dir,
    config: checkpoint.config,
    tensors: checkpoint.tensors,
    readRaw: (name, range) => checkpoint.readRaw(name, range),
    async readFloat32(name, range) {
      const mask = await maskOf(name);
      if (mask && range) throw new RangeError(`${name} is pruned as a whole, not in parts`);
      const values = await checkpoint.readFloat32(name, range);
      if (mask) applyPruned({ mask, values: (await weightOf?.(name)) ?? null }, values);
      return values;
    },
    close: async () => {},
  };
}
