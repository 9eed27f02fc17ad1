import type { ModelConfig } from '../checkpoint/config.ts';
import { disposePositions, type Positions, positionsOf } from '../model/positions.ts';
import { dispose, gather, type Tensor3D, tensor1d, tensor2d } from '../tensor/ops.ts';

/** The positions of a group of sequences that grow token by token, up to a length. */
export class NextPositions {
  /** Of one sequence of that length: what every single position's is taken from. */
  private readonly all: Positions;

  constructor(config: ModelConfig, longest: number) {
    this.all = positionsOf(config, [{ start: 0, length: longest }]);
  }

  /** Of one token of each sequence, packed one after the other. @param at how many tokens come before it */
  of(at: readonly number[]): Positions {
    const indices = tensor1d(Int32Array.from(at), 'int32');
    const rotary = {
      cos: gather(this.all.rotary.cos, indices) as Tensor3D,
      sin: gather(this.all.rotary.sin, indices) as Tensor3D,
    };
    indices.dispose();
    const segments = at.map((_, start) => ({ start, length: 1 }));
    return {
      segments,
      rows: null,
      rotary,
      blocks: segments.map(({ start }) => ({ firstQuery: start, queries: 1, firstKey: start, keys: 1 })),
      places: tensor2d(
        segments.map(({ start }) => [start, 1, start, 1]),
        [at.length, 4],
        'int32',
      ),
      mask: this.all.mask,
    };
  }

  /** Of what `of` made; the mask is everyone's. */
  static release({ rotary, places }: Positions): void {
    dispose([rotary.cos, rotary.sin, places]);
  }

  dispose(): void {
    disposePositions(this.all);
  }
}
