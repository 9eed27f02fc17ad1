import type { ModelConfig } from '../checkpoint/config.ts';
import {
  causalAttention,
  causalAttentionGradient,
  causalSoftmaxGradientInPlace,
  causalSoftmaxInPlace,
  hasFusedKernels,
} from '../tensor/fused-kernels.ts';
import {
  add,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  square,
  sub,
  sum,
  type Tensor2D,
  type Tensor3D,
  tanh,
  tensor2d,
  tidy,
} from '../tensor/ops.ts';
import type { BlockHeadGradients, BlockHeads } from './heads.ts';
import type { AttentionPositions } from './positions.ts';
import { QUERY_BLOCK, type QueryBlock } from './query-blocks.ts';

/** Stands for −∞ in the mask: exp(−1e9 − max) is 0 in float32, and unlike −∞ it survives subtraction. */
const MASKED = -1e9;

/**
 * The additive mask of every block, as one table to slice: row i, column c is 0 where a query at `block start + i`
 * may attend to the key at `block start + c − maxLength`, else MASKED. [QUERY_BLOCK, maxLength + QUERY_BLOCK]
 */
export function attentionMask(slidingWindow: number | null, maxLength: number): Tensor2D {
  const columns = maxLength + QUERY_BLOCK;
  const values = new Float32Array(QUERY_BLOCK * columns);
  const window = slidingWindow ?? Infinity;
  for (let i = 0; i < QUERY_BLOCK; i++) {
    for (let c = 0; c < columns; c++) {
      const distance = i + maxLength - c;
      values[i * columns + c] = distance >= 0 && distance < window ? 0 : MASKED;
    }
  }
  return tensor2d(values, [QUERY_BLOCK, columns]);
}

type Place = Omit<AttentionPositions, 'rotary'>;

export interface AttentionResult {
  /** Of each block, [Hkv, G·b, D]. */
  readonly outputs: Tensor3D[];
  /** Of each block, [Hkv, G·b, keys], where they are kept; the backward pass can take them or compute them again. */
  readonly probabilities: Tensor3D[];
}

/**
 * Causal grouped-query attention, block by block: softmax(q kᵀ + mask) v, with q already divided by √headDim, each
 * key/value head serving numAttentionHeads / numKeyValueHeads query heads. Before the mask, q kᵀ may be soft-capped and ALiBi added.
 * @param keepProbabilities where they exist: one kernel has none to keep
 */
export function attentionForward(
  config: ModelConfig,
  { q, k, v }: BlockHeads,
  place: Place,
  keepProbabilities = false,
): AttentionResult {
  if (isFused(config, place)) {
    const { blocks, slidingWindow } = place;
    const outputs = blocks.map((block, i) => causalAttention(q[i], k[i], v[i], causal(slidingWindow, block)));
    return { outputs, probabilities: [] };
  }
  const result: AttentionResult = { outputs: [], probabilities: [] };
  for (const [i, block] of place.blocks.entries()) {
    const probabilities = blockProbabilities(config, q[i], k[i], block, place);
    result.outputs.push(matMul(probabilities, v[i]));
    if (keepProbabilities) result.probabilities.push(probabilities);
    else probabilities.dispose();
  }
  return result;
}

/**
 * Gradients of `attentionForward`. With dP = dO vᵀ, dS = P · (dP − Σ_keys P·dP), dq = dS k, dk = dSᵀ q, dv = Pᵀ dO.
 * @param dOutputs of each block, [Hkv, G·b, D]
 * @param kept the forward pass's probabilities P; none to compute them again
 */
export function attentionBackward(
  config: ModelConfig,
  { q, k, v }: BlockHeads,
  place: Place,
  dOutputs: readonly Tensor3D[],
  kept: readonly Tensor3D[] = [],
): BlockHeadGradients {
  if (isFused(config, place))
    return causalAttentionGradient({ q, k, v }, dOutputs, place.places, place.slidingWindow ?? 0);
  const gradients: BlockHeadGradients = { dq: [], dk: [], dv: [] };
  for (const [i, block] of place.blocks.entries()) {
    const { dq, dk, dv } = tidy(() => {
      const probabilities = kept[i] ?? blockProbabilities(config, q[i], k[i], block, place);
      const dP = matMul(dOutputs[i], v[i], false, true); // [Hkv, G·b, keys]
      const dScores = softmaxGradient(probabilities, dP, block, place.slidingWindow);
      const dS = throughSoftcap(config, q[i], k[i], dScores);
      return {
        dq: matMul(dS, k[i]),
        dk: matMul(dS, q[i], true, false),
        dv: matMul(probabilities, dOutputs[i], true, false),
      };
    });
    gradients.dq.push(dq);
    gradients.dk.push(dk);
    gradients.dv.push(dv);
  }
  return gradients;
}

/** Whether attention is one kernel forward and one backward, its probabilities never in memory. */
const isFused = ({ attentionSoftcap }: ModelConfig, { alibi }: Place): boolean =>
  hasFusedKernels() && attentionSoftcap === null && !alibi;

/** softmax(scores + mask) of a block: [Hkv, G·b, D] × [Hkv, keys, D] → [Hkv, G·b, keys]. */
function blockProbabilities(
  config: ModelConfig,
  q: Tensor3D,
  k: Tensor3D,
  block: QueryBlock,
  { mask, alibi, slidingWindow }: Place,
): Tensor3D {
  return tidy(() => {
    const { queries, keys } = block;
    let scores = cappedScores(config, q, k);
    if (alibi) {
      const [heads, , longest] = alibi.shape;
      const falling = slice(alibi, [0, 0, longest - keys], [heads, 1, keys]);
      scores = reshape(add(reshape(scores, [-1, queries, keys]), falling), scores.shape) as Tensor3D;
    }
    if (!mask) return causalSoftmaxInPlace(scores, causal(slidingWindow, block));
    const maxLength = mask.shape[1] - QUERY_BLOCK;
    const blockMask = slice(mask, [0, maxLength - offsetOf(block)], [queries, keys]);
    const masked = add(reshape(scores, [-1, queries, keys]), blockMask);
    return reshape(softmax(masked), scores.shape) as Tensor3D;
  });
}

/** q kᵀ, soft-capped where the model does so. */
function cappedScores({ attentionSoftcap: cap }: ModelConfig, q: Tensor3D, k: Tensor3D): Tensor3D {
  const scores = matMul(q, k, false, true);
  return cap === null ? scores : (mul(tanh(mul(scores, 1 / cap)), cap) as Tensor3D);
}

/** The gradient at q kᵀ from that at its soft-capped scores, dS · (1 − tanh²(q kᵀ / cap)). */
function throughSoftcap(
  { attentionSoftcap: cap }: ModelConfig,
  q: Tensor3D,
  k: Tensor3D,
  dS: Tensor3D,
): Tensor3D {
  if (cap === null) return dS;
  const t = tanh(mul(matMul(q, k, false, true), 1 / cap));
  return mul(dS, sub(1, square(t))) as Tensor3D;
}

/** P · (dP − Σ_keys P·dP); dP's memory may be used for it. */
function softmaxGradient(
  p: Tensor3D,
  dP: Tensor3D,
  block: QueryBlock,
  slidingWindow: number | null,
): Tensor3D {
  if (hasFusedKernels()) return causalSoftmaxGradientInPlace(p, dP, causal(slidingWindow, block));
  return mul(p, sub(dP, sum(mul(p, dP), 2, true))) as Tensor3D;
}

/** How many keys of the block lie before its first query. */
const offsetOf = ({ firstQuery, firstKey }: QueryBlock): number => firstQuery - firstKey;

const causal = (slidingWindow: number | null, block: QueryBlock) => ({
  queries: block.queries,
  offset: offsetOf(block),
  window: slidingWindow ?? 0,
});
