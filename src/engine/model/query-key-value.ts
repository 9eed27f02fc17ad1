import type { ModelConfig } from '../checkpoint/config.ts';
import { concat, reshape, slice, type Tensor2D, tidy, transpose } from '../tensor/ops.ts';
import { type NormWeights, normBackward, normForward } from './norm.ts';

/** Norms of each head's queries and keys, [headDim]; null where there are none. */
export interface HeadNorms {
  readonly queryNorm: NormWeights | null;
  readonly keyNorm: NormWeights | null;
}

/**
 * What the joined projection of queries, keys and values puts out, made ready for `splitHeads`: all heads' queries side by
 * side, then keys, then values, [N, (H + 2·Hkv)·D], each head's queries and keys normed. Without either, it is `projected` itself.
 */
export function arrangeHeads(config: ModelConfig, norms: HeadNorms, projected: Tensor2D): Tensor2D {
  return tidy(() => normHeads(config, norms, partHeads(config, projected)));
}

/**
 * The gradient of `arrangeHeads` at `projected`.
 * @param projected may be left out where heads are not normed
 */
export function arrangeHeadsBackward(
  config: ModelConfig,
  norms: HeadNorms,
  projected: Tensor2D | undefined,
  dArranged: Tensor2D,
): Tensor2D {
  return tidy(() => {
    if (!projected) return joinByHead(config, dArranged);
    return joinByHead(config, normHeadsBackward(config, norms, partHeads(config, projected), dArranged));
  });
}

export const areHeadsNormed = ({ queryNorm, keyNorm }: HeadNorms): boolean =>
  queryNorm !== null || keyNorm !== null;

/** [N, H·3·D], each head's query, key and value together → [N, 3·H·D], parted. */
const partHeads = (config: ModelConfig, x: Tensor2D): Tensor2D =>
  config.qkvRows === 'parted' ? x : swapAxes(x, config.numAttentionHeads, 3);

/** [N, 3·H·D], parted → [N, H·3·D]. */
const joinByHead = (config: ModelConfig, x: Tensor2D): Tensor2D =>
  config.qkvRows === 'parted' ? x : swapAxes(x, 3, config.numAttentionHeads);

/** [N, a·b·D] → [N, b·a·D] */
function swapAxes(x: Tensor2D, a: number, b: number): Tensor2D {
  const [tokens, width] = x.shape;
  return reshape(transpose(reshape(x, [tokens, a, b, width / (a * b)]), [0, 2, 1, 3]), x.shape) as Tensor2D;
}

function normHeads(config: ModelConfig, norms: HeadNorms, qkv: Tensor2D): Tensor2D {
  if (!areHeadsNormed(norms)) return qkv;
  const { queryNorm, keyNorm } = norms;
  const [q, k, v] = parts(config, qkv);
  const normed = (x: Tensor2D, norm: NormWeights | null) =>
    norm ? reshape(normForward(toRows(config, x), norm), x.shape) : x;
  return concat([normed(q, queryNorm), normed(k, keyNorm), v], 1) as Tensor2D;
}

function normHeadsBackward(
  config: ModelConfig,
  { queryNorm, keyNorm }: HeadNorms,
  qkv: Tensor2D,
  dNormed: Tensor2D,
): Tensor2D {
  const [q, k] = parts(config, qkv);
  const [dq, dk, dv] = parts(config, dNormed);
  const throughNorm = (x: Tensor2D, norm: NormWeights | null, dy: Tensor2D) =>
    norm ? reshape(normBackward(toRows(config, x), norm, toRows(config, dy), null), x.shape) : dy;
  return concat([throughNorm(q, queryNorm, dq), throughNorm(k, keyNorm, dk), dv], 1) as Tensor2D;
}

/** Queries [N, H·D], keys and values [N, Hkv·D]. */
function parts(config: ModelConfig, x: Tensor2D): [Tensor2D, Tensor2D, Tensor2D] {
  const { numAttentionHeads, numKeyValueHeads, headDim } = config;
  const [queries, keys] = [numAttentionHeads * headDim, numKeyValueHeads * headDim];
  const columns = (begin: number, width: number) => slice(x, [0, begin], [x.shape[0], width]);
  return [columns(0, queries), columns(queries, keys), columns(queries + keys, keys)];
}

/** [N, heads·D] → [N·heads, D] */
const toRows = ({ headDim }: ModelConfig, x: Tensor2D): Tensor2D => reshape(x, [-1, headDim]) as Tensor2D;
