import type { ModelConfig } from '../checkpoint/config.ts';
import {
  add,
  addN,
  concat,
  matMul,
  mul,
  pad,
  reshape,
  slice,
  softmax,
  sub,
  sum,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor2d,
  tidy,
  transpose,
} from '../tensor/ops.ts';

/**
 * Queries are taken in blocks, each against just the keys it may see: scores need memory for one block, stay in
 * the processor's cache, and close to half of the causal square is never computed.
 */
const QUERY_BLOCK = 256;
/** Stands for −∞ in the mask: exp(−1e9 − max) is 0 in float32, and unlike −∞ it survives subtraction. */
const MASKED = -1e9;

/**
 * The additive mask of every block, as one table to slice: row i, column c is 0 where a query at `block start + i`
 * may attend to the key at `block start + c − maxLength`, else MASKED. [QUERY_BLOCK, maxLength + QUERY_BLOCK]
 */
export function attentionMask(config: ModelConfig, maxLength: number): Tensor2D {
  const columns = maxLength + QUERY_BLOCK;
  const values = new Float32Array(QUERY_BLOCK * columns);
  const window = config.slidingWindow ?? Infinity;
  for (let i = 0; i < QUERY_BLOCK; i++) {
    for (let c = 0; c < columns; c++) {
      const distance = i + maxLength - c;
      values[i * columns + c] = distance >= 0 && distance < window ? 0 : MASKED;
    }
  }
  return tensor2d(values, [QUERY_BLOCK, columns]);
}

interface Block {
  readonly begin: number;
  readonly end: number;
  /** The first key that any query of the block may see. */
  readonly firstKey: number;
}

function queryBlocks(length: number, slidingWindow: number | null): Block[] {
  const blocks: Block[] = [];
  for (let begin = 0; begin < length; begin += QUERY_BLOCK) {
    const firstKey = slidingWindow === null ? 0 : Math.max(0, begin - slidingWindow + 1);
    blocks.push({ begin, end: Math.min(length, begin + QUERY_BLOCK), firstKey });
  }
  return blocks;
}

/**
 * Causal grouped-query attention of one sample: softmax(q kᵀ / √headDim + mask) v, each key/value head serving
 * numAttentionHeads / numKeyValueHeads query heads.
 * @param q [T, numAttentionHeads·headDim], rotated
 * @param k [T, numKeyValueHeads·headDim], rotated
 * @param v [T, numKeyValueHeads·headDim]
 * @param mask from `attentionMask`, for at least T
 */
export function attentionForward(
  config: ModelConfig,
  q: Tensor2D,
  k: Tensor2D,
  v: Tensor2D,
  mask: Tensor2D,
): AttentionResult {
  return tidy(() => {
    const probabilities: Tensor3D[] = [];
    const queries = splitQueries(config, mul(q, scale(config)));
    const keys = splitKeys(config, k);
    const values = splitKeys(config, v);
    const outputs = queryBlocks(q.shape[0], config.slidingWindow).map((block) => {
      const probabilities = blockProbabilities(
        queryBlock(queries, block),
        keyBlock(keys, block),
        block,
        mask,
      );
      const output = matMul(probabilities, keyBlock(values, block)); // [Hkv, G·b, D]
      return reshape(output, blockShape(config, block)) as Tensor4D;
    });
    return { output: joinQueries(config, concat(outputs, 2) as Tensor4D), probabilities };
  });
}

export interface AttentionResult {
  /** [T, numAttentionHeads·headDim] */
  readonly output: Tensor2D;
  /** Of each block of queries, [Hkv, G·b, keys]; the backward pass can take them or compute them again. */
  readonly probabilities: Tensor3D[];
}

export interface AttentionGradients {
  readonly dq: Tensor2D;
  readonly dk: Tensor2D;
  readonly dv: Tensor2D;
}

/**
 * Gradients of `attentionForward`. With dP = dO vᵀ,
 * dS = P · (dP − Σ_d dO·O), dq = dS k / √headDim, dk = dSᵀ q / √headDim, dv = Pᵀ dO.
 * @param output the forward result O, and `dOutput` its gradient dO, [T, numAttentionHeads·headDim]
 * @param kept the forward pass's probabilities P; null to compute them again
 */
export function attentionBackward(
  config: ModelConfig,
  q: Tensor2D,
  k: Tensor2D,
  v: Tensor2D,
  mask: Tensor2D,
  output: Tensor2D,
  dOutput: Tensor2D,
  kept: readonly Tensor3D[] | null = null,
): AttentionGradients {
  return tidy(() => {
    const length = q.shape[0];
    const queries = splitQueries(config, mul(q, scale(config)));
    const keys = splitKeys(config, k);
    const values = splitKeys(config, v);
    const dOutputs = splitQueries(config, dOutput);
    const deltas = sum(mul(dOutputs, splitQueries(config, output)), 3, true) as Tensor4D; // [Hkv, G, T, 1]
    const dqs: Tensor4D[] = [];
    const dks: Tensor3D[] = [];
    const dvs: Tensor3D[] = [];
    for (const [i, block] of queryBlocks(length, config.slidingWindow).entries()) {
      const gradients = tidy(() => {
        const query = queryBlock(queries, block);
        const key = keyBlock(keys, block);
        const probabilities = kept?.[i] ?? blockProbabilities(query, key, block, mask);
        const dO = queryBlock(dOutputs, block); // [Hkv, G·b, D]
        const dP = matMul(dO, keyBlock(values, block), false, true);
        const dS = mul(probabilities, sub(dP, queryBlock(deltas, block))) as Tensor3D; // [Hkv, G·b, keys]
        return {
          dq: reshape(matMul(dS, key), blockShape(config, block)) as Tensor4D,
          dk: placeKeys(matMul(dS, query, true, false), block, length),
          dv: placeKeys(matMul(probabilities, dO, true, false), block, length),
        };
      });
      dqs.push(gradients.dq);
      dks.push(gradients.dk);
      dvs.push(gradients.dv);
    }
    return {
      dq: mul(joinQueries(config, concat(dqs, 2) as Tensor4D), scale(config)) as Tensor2D,
      dk: joinKeys(addN(dks)),
      dv: joinKeys(addN(dvs)),
    };
  });
}

const scale = (config: ModelConfig): number => config.headDim ** -0.5;

/** softmax(q kᵀ + mask) of a block: [Hkv, G·b, D] × [Hkv, keys, D] → [Hkv, G·b, keys]. */
function blockProbabilities(query: Tensor3D, key: Tensor3D, block: Block, mask: Tensor2D): Tensor3D {
  const rows = block.end - block.begin;
  const columns = block.end - block.firstKey;
  const maxLength = mask.shape[1] - QUERY_BLOCK;
  const blockMask = slice(mask, [0, maxLength + block.firstKey - block.begin], [rows, columns]);
  const scores = matMul(query, key, false, true);
  const masked = add(reshape(scores, [-1, rows, columns]), blockMask);
  return reshape(softmax(masked), scores.shape) as Tensor3D;
}

/** [T, H·D] → [Hkv, G, T, D] */
function splitQueries(config: ModelConfig, x: Tensor2D): Tensor4D {
  const { numKeyValueHeads, numAttentionHeads, headDim } = config;
  const grouped = reshape(x, [x.shape[0], numKeyValueHeads, numAttentionHeads / numKeyValueHeads, headDim]);
  return transpose(grouped, [1, 2, 0, 3]) as Tensor4D;
}

/** [Hkv, G, T, D] → [T, H·D] */
const joinQueries = (config: ModelConfig, x: Tensor4D): Tensor2D =>
  reshape(transpose(x, [2, 0, 1, 3]), [x.shape[2], config.numAttentionHeads * config.headDim]) as Tensor2D;

/** [T, Hkv·D] → [Hkv, T, D] */
const splitKeys = (config: ModelConfig, x: Tensor2D): Tensor3D =>
  transpose(reshape(x, [x.shape[0], config.numKeyValueHeads, config.headDim]), [1, 0, 2]) as Tensor3D;

/** [Hkv, T, D] → [T, Hkv·D] */
const joinKeys = (x: Tensor3D): Tensor2D =>
  reshape(transpose(x, [1, 0, 2]), [x.shape[1], x.shape[0] * x.shape[2]]) as Tensor2D;

/** [Hkv, G, T, D] → the block's [Hkv, G·b, D] */
function queryBlock(x: Tensor4D, { begin, end }: Block): Tensor3D {
  const [heads, groups, , width] = x.shape;
  const rows = end - begin;
  return reshape(slice(x, [0, 0, begin, 0], [heads, groups, rows, width]), [
    heads,
    groups * rows,
    width,
  ]) as Tensor3D;
}

/** [Hkv, T, D] → the block's [Hkv, keys, D] */
const keyBlock = (x: Tensor3D, { firstKey, end }: Block): Tensor3D =>
  slice(x, [0, firstKey, 0], [x.shape[0], end - firstKey, x.shape[2]]);

/** A block's key gradients [Hkv, keys, D] at their place among all keys, [Hkv, T, D]. */
const placeKeys = (x: Tensor3D, { firstKey, end }: Block, length: number): Tensor3D =>
  pad(x, [
    [0, 0],
    [firstKey, length - end],
    [0, 0],
  ]);

function blockShape({ numKeyValueHeads, numAttentionHeads, headDim }: ModelConfig, { begin, end }: Block) {
  return [numKeyValueHeads, numAttentionHeads / numKeyValueHeads, end - begin, headDim] as [
    number,
    number,
    number,
    number,
  ];
}
