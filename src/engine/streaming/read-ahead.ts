import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';

/** Elements read and dropped again at once. */
const STEP = 2 ** 21;

/** Reads a decoder layer that will be needed next, so that the system has it in its page cache; it keeps nothing itself. */
export class ReadAhead {
  private isStopped = false;
  private readonly done: Promise<void>;

  constructor(checkpoint: Checkpoint, layer: number) {
    // A layer that cannot be read is reported when its turn comes.
    this.done = this.read(checkpoint, layer).catch(() => {});
  }

  /** Resolves once nothing is being read any more. */
  stop(): Promise<void> {
    this.isStopped = true;
    return this.done;
  }

  private async read(checkpoint: Checkpoint, layer: number): Promise<void> {
    for (const linear of linearsOf(checkpoint.config)) {
      const name = linearWeight(checkpoint.config, layer, linear);
      const shape = checkpoint.tensors.get(name)?.shape ?? [];
      const size = shape.reduce((product, length) => product * length, 1);
      for (let first = 0; first < size && !this.isStopped; first += STEP) {
        const { length } = await checkpoint.readRaw(name, { first, count: Math.min(STEP, size - first) });
        makeRoomFor(length);
      }
    }
  }
}
