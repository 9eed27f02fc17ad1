import type { Checkpoint } from './checkpoint.ts';

/**
 * A checkpoint that is measured on one thing after the other: a tensor is read, pruned and checked once, and everyone gets
 * the same array, which nobody may change. It takes the memory of all weights that are asked for, until it is let go.
 */
export function heldCheckpoint(checkpoint: Checkpoint): Checkpoint {
  const held = new Map<string, Promise<Float32Array<ArrayBuffer>>>();
  return {
    dir: checkpoint.dir,
    config: checkpoint.config,
    tensors: checkpoint.tensors,
    isHeld: true,
    readRaw: (name, range) => checkpoint.readRaw(name, range),
    async readFloat32(name, range) {
      if (range) {
        const whole = await held.get(name);
        return whole
          ? whole.subarray(range.first, range.first + range.count)
          : checkpoint.readFloat32(name, range);
      }
      const values = held.get(name) ?? checkpoint.readFloat32(name);
      held.set(name, values);
      return values;
    },
    close: () => checkpoint.close(),
  };
}
