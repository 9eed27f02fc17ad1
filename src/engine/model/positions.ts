import type { ModelConfig } from '../checkpoint/config.ts';
import { hasFusedKernels } from '../tensor/fused-kernels.ts';
import { dispose, type Tensor2D, tensor2d } from '../tensor/ops.ts';
import { attentionMask } from './attention.ts';
import { type QueryBlock, queryBlocks } from './query-blocks.ts';
import { type RotaryTables, rotaryTables } from './rotary-embedding.ts';
import type { Segment } from './segments.ts';

/** What a micro-batch's attention needs beside the activations. */
export interface Positions {
  readonly segments: readonly Segment[];
  readonly rotary: RotaryTables;
  readonly blocks: readonly QueryBlock[];
  /** The blocks as a table for the fused kernels, int32 [B, 4]. */
  readonly places: Tensor2D;
  /** null where fused kernels do without it. */
  readonly mask: Tensor2D | null;
}

export function positionsOf(config: ModelConfig, segments: readonly Segment[]): Positions {
  const longest = Math.max(...segments.map((segment) => segment.length));
  const blocks = queryBlocks(segments, config.slidingWindow);
  const rows = blocks.map(({ firstQuery, queries, firstKey, keys }) => [firstQuery, queries, firstKey, keys]);
  return {
    segments,
    blocks,
    rotary: rotaryTables(config, segments),
    places: tensor2d(rows, [blocks.length, 4], 'int32'),
    mask: hasFusedKernels() ? null : attentionMask(config, longest),
  };
}

export function disposePositions({ rotary, places, mask }: Positions): void {
  dispose([rotary.cos, rotary.sin, places]);
  mask?.dispose();
}
