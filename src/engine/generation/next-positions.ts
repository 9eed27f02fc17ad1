import type { ModelConfig } from '../checkpoint/config.ts';
import { disposePositions, type Positions, positionsOf } from '../model/positions.ts';
import { dispose, gather, type Tensor3D, tensor1d, tensor2d } from '../tensor/ops.ts';

/** The positions of a group of sequences that grow token by token, up to a length. */
export class NextPositions {
  /** Of one sequence of that length: what every single position's is taken from. */
  private readonly all: Positions;

  constructor(config: ModelConfig, longest: number) {
    this.all = positionsOf(config, [{ start: 0, length: longest, grows: true }]);
  }

  /** Of one token of each sequence, packed one after the other. @param at how many tokens come before it */
  of(at: readonly number[]): Positions {
    const indices = tensor1d(Int32Array.from(at), 'int32');
    const segments = at.map((_, start) => ({ start, length: 1 }));
    const kinds = this.all.kinds.map((all) => ({
      ...all,
      rotary: {
        cos: gather(all.rotary.cos, indices) as Tensor3D,
        sin: gather(all.rotary.sin, indices) as Tensor3D,
      },
      blocks: segments.map(({ start }) => ({ firstQuery: start, queries: 1, firstKey: start, keys: 1 })),
      places: tensor2d(
        segments.map(({ start }) => [start, 1, start, 1]),
        [at.length, 4],
        'int32',
      ),
    }));
    indices.dispose();
    return { segments, rows: null, kinds };
  }

  /** Of what `of` made; masks and ALiBi's tables are everyone's. */
  static release({ kinds }: Positions): void {
    for (const { rotary, places } of kinds) dispose([rotary.cos, rotary.sin, places]);
  }

  dispose(): void {
    disposePositions(this.all);
  }
}
