import type { ModelConfig } from '../checkpoint/config.ts';
import { concat, gather, reshape, slice, type Tensor2D, tensor1d, tidy, transpose } from '../tensor/ops.ts';
import { type NormWeights, normBackward, normForward } from './norm.ts';

/** Norms of each head's queries and keys, [headDim]; null where there are none. */
export interface HeadNorms {
  readonly queryNorm: NormWeights | null;
  readonly keyNorm: NormWeights | null;
}

/**
 * What the joined projection of queries, keys and values puts out, made ready for `splitHeads`: all heads' queries side by
 * side, then keys, then values, [N, (H + 2·Hkv)·D], each head's queries and keys normed. Of heads that are rotated in part the
 * dimensions are put in an order in which those that are rotated together lie half a head apart; scores do not depend on the
 * order. Where nothing is to be done, it is `projected` itself.
 */
export function arrangeHeads(config: ModelConfig, norms: HeadNorms, projected: Tensor2D): Tensor2D {
  return tidy(() => orderRotated(config, normHeads(config, norms, partHeads(config, projected))));
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
    const dNormed = orderBack(config, dArranged);
    if (!projected) return joinByHead(config, dNormed);
    return joinByHead(config, normHeadsBackward(config, norms, partHeads(config, projected), dNormed));
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

const orderRotated = (config: ModelConfig, qkv: Tensor2D): Tensor2D =>
  config.rotaryDim === config.headDim
    ? qkv
    : (gather(qkv, tensor1d(rotatedOrder(config), 'int32'), 1) as Tensor2D);

function orderBack(config: ModelConfig, qkv: Tensor2D): Tensor2D {
  if (config.rotaryDim === config.headDim) return qkv;
  const order = rotatedOrder(config);
  const back = new Int32Array(order.length);
  for (const [to, from] of order.entries()) back[from] = to;
  return gather(qkv, tensor1d(back, 'int32'), 1) as Tensor2D;
}

/**
 * The column that comes to each place. Of the R dimensions of a head that are rotated, i and i + R/2 belong together; each half
 * of them is followed by half of those that are not.
 */
function rotatedOrder(config: ModelConfig): Int32Array {
  const { numAttentionHeads, numKeyValueHeads, headDim, rotaryDim } = config;
  const [half, rotated] = [headDim / 2, rotaryDim / 2];
  const fromOf = (to: number) => {
    const [side, i] = [Math.floor(to / half), to % half];
    return i < rotated ? side * rotated + i : rotaryDim + side * (half - rotated) + i - rotated;
  };
  const columns = (numAttentionHeads + 2 * numKeyValueHeads) * headDim;
  const values = (numAttentionHeads + numKeyValueHeads) * headDim;
  return Int32Array.from({ length: columns }, (_, to) =>
    to < values ? to - (to % headDim) + fromOf(to % headDim) : to,
  );
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
