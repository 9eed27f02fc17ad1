import type { ModelConfig } from '../checkpoint/config.ts';
import { hasFusedKernels } from '../tensor/fused-kernels.ts';
import { dispose, type Tensor1D, type Tensor2D, type Tensor3D, tensor1d, tensor2d } from '../tensor/ops.ts';
import { attentionMask } from './attention.ts';
import type { BlockHeads } from './heads.ts';
import { type QueryBlock, queryBlocks } from './query-blocks.ts';
import { type RotaryTables, rotaryTables } from './rotary-embedding.ts';
import type { Pack, Segment } from './segments.ts';

/** What a micro-batch's attention needs beside the activations. */
export interface Positions {
  readonly segments: readonly Segment[];
  /** The packed token at each place of the segments, int32; null where they are the same. */
  readonly rows: Tensor1D | null;
  readonly rotary: RotaryTables;
  readonly blocks: readonly QueryBlock[];
  /** The blocks as a table for the fused kernels, int32 [B, 4]. */
  readonly places: Tensor2D;
  /** null where fused kernels do without it. */
  readonly mask: Tensor2D | null;
  /** Takes the place of attention among the tokens themselves: theirs to the keys of earlier tokens too. */
  readonly attend?: (config: ModelConfig, heads: BlockHeads) => Tensor3D[];
}

/** @param rows of a pack whose segments share tokens */
export function positionsOf(
  config: ModelConfig,
  segments: readonly Segment[],
  rows?: Pack['rows'],
): Positions {
  const longest = Math.max(...segments.map((segment) => segment.length));
  const blocks = queryBlocks(segments, config.slidingWindow);
  const places = blocks.map(({ firstQuery, queries, firstKey, keys }) => [
    firstQuery,
    queries,
    firstKey,
    keys,
  ]);
  return {
    segments,
    rows: rows ? tensor1d(rows, 'int32') : null,
    blocks,
    rotary: rotaryTables(config, segments),
    places: tensor2d(places, [blocks.length, 4], 'int32'),
    mask: hasFusedKernels() ? null : attentionMask(config, longest),
  };
}

export function disposePositions({ rows, rotary, places, mask }: Positions): void {
  dispose([rotary.cos, rotary.sin, places]);
  rows?.dispose();
  mask?.dispose();
}
