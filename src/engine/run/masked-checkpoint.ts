import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { MaskOf } from './mask-source.ts';

/** A checkpoint as it will be once its masks are applied; nothing is written. */
export function maskedCheckpoint(checkpoint: Checkpoint, maskOf: MaskOf): Checkpoint {
  return {
    dir: checkpoint.dir,
    config: checkpoint.config,
    tensors: checkpoint.tensors,
    readRaw: (name) => checkpoint.readRaw(name),
    async readFloat32(name) {
      const values = await checkpoint.readFloat32(name);
      const mask = await maskOf(name);
      if (mask)
        for (let i = 0; i < values.length; i++) if ((mask.bits[i >> 3] & (1 << (i & 7))) === 0) values[i] = 0;
      return values;
    },
    close: async () => {},
  };
}
