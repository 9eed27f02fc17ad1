import type { ModelConfig } from '../checkpoint/config.ts';
import * as fused from '../tensor/fused-kernels.ts';
import {
  addN,
  concat,
  mul,
  pad,
  reshape,
  slice,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
} from '../tensor/ops.ts';
import type { AttentionPositions } from './positions.ts';
import type { QueryBlock } from './query-blocks.ts';
import { rotaryBackward, rotaryForward } from './rotary-embedding.ts';

/**
 * What each block of queries attends with: q [Hkv, G·b, D], rotated and divided by √D, the groups of a key head one below
 * the other; k, rotated, and v [Hkv, keys, D].
 */
export type BlockHeads = {
  readonly q: Tensor3D[];
  readonly k: Tensor3D[];
  readonly v: Tensor3D[];
};

/** The gradients of `BlockHeads`. */
export type BlockHeadGradients = {
  readonly dq: Tensor3D[];
  readonly dk: Tensor3D[];
  readonly dv: Tensor3D[];
};

type Place = Pick<AttentionPositions, 'blocks' | 'places' | 'rotary'>;

/** The output of the q, k and v projections, [N, (H + 2·Hkv)·D], block by block. */
export function splitHeads(
  config: ModelConfig,
  qkv: Tensor2D,
  { blocks, places, rotary }: Place,
): BlockHeads {
  if (fused.hasFusedKernels()) return fused.splitHeads(counts(config), qkv, rotary, places);
  return tidy(() => {
    const { headDim, numAttentionHeads, numKeyValueHeads } = config;
    const [tokens] = qkv.shape;
    const [queryWidth, keyWidth] = [numAttentionHeads * headDim, numKeyValueHeads * headDim];
    const columns = (x: Tensor2D, begin: number, width: number) => slice(x, [0, begin], [tokens, width]);
    const queriesKeys = columns(qkv, 0, queryWidth + keyWidth);
    const rotated = reshape(
      rotaryForward(toHeads(config, queriesKeys), rotary),
      queriesKeys.shape,
    ) as Tensor2D;
    const queries = groupQueries(config, mul(columns(rotated, 0, queryWidth), scale(config)));
    const keys = groupKeys(config, columns(rotated, queryWidth, keyWidth));
    const values = groupKeys(config, columns(qkv, queryWidth + keyWidth, keyWidth));
    return {
      q: blocks.map((block) => queriesOf(queries, block)),
      k: blocks.map((block) => keysOf(keys, block)),
      v: blocks.map((block) => keysOf(values, block)),
    };
  });
}

/** The gradient of `splitHeads` at its input, [N, (H + 2·Hkv)·D]: rotated back, a key's summed over the blocks that see it. */
export function joinHeads(
  config: ModelConfig,
  gradients: BlockHeadGradients,
  { blocks, places, rotary }: Place,
): Tensor2D {
  if (fused.hasFusedKernels()) return fused.joinHeads(counts(config), rotary, places, gradients);
  return tidy(() => {
    const dq = mul(mergeBlocks(config, gradients.dq), scale(config)) as Tensor2D;
    const [tokens] = dq.shape;
    const sumKeys = (parts: Tensor3D[]) => {
      const placed = parts.map((part, i) => placeKeys(part, blocks[i], tokens));
      return reshape(transpose(addN(placed), [1, 0, 2]), [tokens, -1]) as Tensor2D;
    };
    const rotated = concat([dq, sumKeys(gradients.dk)], 1) as Tensor2D;
    const unrotated = reshape(rotaryBackward(toHeads(config, rotated), rotary), rotated.shape);
    return concat([unrotated, sumKeys(gradients.dv)], 1) as Tensor2D;
  });
}

/** Rows of x [N, H·D] as blocks, [Hkv, G·b, D] each. */
export function splitBlocks(
  config: ModelConfig,
  x: Tensor2D,
  { blocks, places }: Pick<AttentionPositions, 'blocks' | 'places'>,
): Tensor3D[] {
  if (fused.hasFusedKernels()) return fused.splitBlocks(counts(config), x, places);
  return tidy(() => {
    const grouped = groupQueries(config, x);
    return blocks.map((block) => queriesOf(grouped, block));
  });
}

/** Blocks [Hkv, G·b, D] of all queries in order as rows, [N, H·D]. */
export function mergeBlocks(config: ModelConfig, blocks: Tensor3D[]): Tensor2D {
  const { numAttentionHeads, numKeyValueHeads, headDim } = config;
  if (fused.hasFusedKernels()) return fused.mergeBlocks(numAttentionHeads, blocks);
  return tidy(() => {
    const groups = numAttentionHeads / numKeyValueHeads;
    const rows = blocks.map((block) => {
      const parted = reshape(block, [numKeyValueHeads, groups, -1, headDim]);
      return reshape(transpose(parted, [2, 0, 1, 3]), [-1, numAttentionHeads * headDim]);
    });
    return concat(rows, 0) as Tensor2D;
  });
}

const counts = ({ numAttentionHeads, numKeyValueHeads, headDim }: ModelConfig) => ({
  heads: numAttentionHeads,
  kvHeads: numKeyValueHeads,
  headDim,
});

const scale = (config: ModelConfig): number => config.headDim ** -0.5;

/** [N, heads·D] → [N, heads, D] */
const toHeads = (config: ModelConfig, x: Tensor2D): Tensor3D =>
  reshape(x, [x.shape[0], x.shape[1] / config.headDim, config.headDim]) as Tensor3D;

/** [N, H·D] → [Hkv, G, N, D] */
function groupQueries({ numKeyValueHeads, numAttentionHeads, headDim }: ModelConfig, x: Tensor2D): Tensor4D {
  const grouped = reshape(x, [x.shape[0], numKeyValueHeads, numAttentionHeads / numKeyValueHeads, headDim]);
  return transpose(grouped, [1, 2, 0, 3]) as Tensor4D;
}

/** [N, Hkv·D] → [Hkv, N, D] */
const groupKeys = (config: ModelConfig, x: Tensor2D): Tensor3D =>
  transpose(toHeads(config, x), [1, 0, 2]) as Tensor3D;

/** [Hkv, G, N, D] → the block's [Hkv, G·b, D] */
function queriesOf(x: Tensor4D, { firstQuery, queries }: QueryBlock): Tensor3D {
  const [heads, groups, , width] = x.shape;
  const rows = slice(x, [0, 0, firstQuery, 0], [heads, groups, queries, width]);
  return reshape(rows, [heads, groups * queries, width]) as Tensor3D;
}

/** [Hkv, N, D] → the block's [Hkv, keys, D] */
const keysOf = (x: Tensor3D, { firstKey, keys }: QueryBlock): Tensor3D =>
  slice(x, [0, firstKey, 0], [x.shape[0], keys, x.shape[2]]);

/** A block's key gradients [Hkv, keys, D] at their place among all tokens, [Hkv, N, D]. */
const placeKeys = (x: Tensor3D, { firstKey, keys }: QueryBlock, tokens: number): Tensor3D =>
  pad(x, [
    [0, 0],
    [firstKey, tokens - firstKey - keys],
    [0, 0],
  ]);
