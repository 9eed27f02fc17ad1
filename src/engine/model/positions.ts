import type { AttentionKind, ModelConfig } from '../checkpoint/model-config.ts';
import { hasFusedKernels } from '../tensor/fused-kernels.ts';
import { dispose, type Tensor1D, type Tensor2D, type Tensor3D, tensor1d, tensor2d } from '../tensor/ops.ts';
import { alibiTable } from './alibi.ts';
import { attentionMask } from './attention.ts';
import type { BlockHeads } from './heads.ts';
import { type QueryBlock, queryBlocks } from './query-blocks.ts';
import { type RotaryTables, rotaryTables } from './rotary-embedding.ts';
import type { Pack, Segment } from './segments.ts';

/** What the attention of one kind needs beside the activations of a micro-batch. */
export interface AttentionPositions {
  readonly slidingWindow: number | null;
  readonly rotary: RotaryTables;
  readonly blocks: readonly QueryBlock[];
  /** The blocks as a table for the fused kernels, int32 [B, 4]. */
  readonly places: Tensor2D;
  /** null where fused kernels do without it. */
  readonly mask: Tensor2D | null;
  /** [H, 1, longest]; null where scores do not fall with the distance. */
  readonly alibi: Tensor3D | null;
}

/** What a micro-batch's attention needs beside the activations. */
export interface Positions {
  readonly segments: readonly Segment[];
  /** The packed token at each place of the segments, int32; null where they are the same. */
  readonly rows: Tensor1D | null;
  /** One for each of the model's kinds of attention. */
  readonly kinds: readonly AttentionPositions[];
  /** Takes the place of attention among the tokens themselves: theirs to the keys of earlier tokens too. */
  readonly attend?: (config: ModelConfig, heads: BlockHeads, place: AttentionPositions) => Tensor3D[];
}

/** @param rows of a pack whose segments share tokens */
export function positionsOf(
  config: ModelConfig,
  segments: readonly Segment[],
  rows?: Pack['rows'],
): Positions {
  return {
    segments,
    rows: rows ? tensor1d(rows, 'int32') : null,
    kinds: config.attentionKinds.map((kind) => kindPositions(config, kind, segments)),
  };
}

function kindPositions(
  config: ModelConfig,
  { rope, slidingWindow }: AttentionKind,
  segments: readonly Segment[],
): AttentionPositions {
  const longest = Math.max(...segments.map((segment) => segment.length));
  const blocks = queryBlocks(segments, slidingWindow);
  const places = blocks.map(({ firstQuery, queries, firstKey, keys }) => [
    firstQuery,
    queries,
    firstKey,
    keys,
  ]);
  return {
    slidingWindow,
    blocks,
    rotary: rotaryTables(config, rope, segments),
    places: tensor2d(places, [blocks.length, 4], 'int32'),
    mask: hasFusedKernels() ? null : attentionMask(slidingWindow, longest),
    alibi: config.alibi ? alibiTable(config.numAttentionHeads, longest) : null,
  };
}

export function disposePositions({ rows, kinds }: Positions): void {
  rows?.dispose();
  for (const { rotary, places, mask, alibi } of kinds) dispose({ ...rotary, places, mask, alibi });
}
