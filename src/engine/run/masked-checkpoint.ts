import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { applyPruned } from '../pruning/prune-layers.ts';
import type { PrunedWeights } from './pruned-weights.ts';

/** A checkpoint as it will be once it is pruned; nothing is written. */
export function maskedCheckpoint(checkpoint: Checkpoint, { maskOf, weightOf }: PrunedWeights): Checkpoint {
  return {
    dir: checkpoint.dir,
    config: checkpoint.config,
    tensors: checkpoint.tensors,
    readRaw: (name) => checkpoint.readRaw(name),
    async readFloat32(name) {
      const values = await checkpoint.readFloat32(name);
      const mask = await maskOf(name);
      if (mask) applyPruned({ mask, values: (await weightOf?.(name)) ?? null }, values);
      return values;
    },
    close: async () => {},
  };
}
