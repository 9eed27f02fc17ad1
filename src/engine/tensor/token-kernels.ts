import { type HeadCounts, run } from './fused-kernels.ts';
import { type Tensor1D, type Tensor2D, type Tensor3D, tensor1d } from './ops.ts';

/** Keys and values of earlier tokens, [H, room, D] each: `k` and `v` [H, 1, D] become their row `at` [1], in place. */
export const keepToken = (past: { k: Tensor3D; v: Tensor3D }, k: Tensor3D, v: Tensor3D, at: Tensor1D): void =>
  void run('DprunerKeepToken', {}, [past.k, past.v, k, v, at], 0);

/** What a decoder layer of the LLaMA family computes with; null where its model has no such part. */
export interface FusedLayerWeights {
  readonly inputNorm: Tensor1D;
  /** The projections of queries, keys and values, one below the other. */
  readonly qkv: Tensor2D;
  readonly qkvBias: Tensor1D | null;
  /** Norms of each head's queries and keys, [headDim]. */
  readonly queryNorm: Tensor1D | null;
  readonly keyNorm: Tensor1D | null;
  readonly output: Tensor2D;
  readonly mlpNorm: Tensor1D;
  /** Gate and up, one below the other. */
  readonly gateUp: Tensor2D;
  readonly down: Tensor2D;
}

export interface FusedLayerOptions extends HeadCounts {
  readonly eps: number;
  /** Keys that a query sees, its own among them; 0: all. */
  readonly window: number;
}

/** The tokens of N sequences that are kept so far: keys and values [Hkv, room, D], of which the first `lengths` rows count. */
export interface KeptTokens {
  readonly keys: Tensor3D[];
  readonly values: Tensor3D[];
  /** int32 [N] */
  readonly lengths: Tensor1D;
}

/**
 * Takes one further token of each of N sequences through a decoder layer, and writes its keys and values after those kept.
 * @param x [N, hiddenSize]
 * @returns the layer's output, [N, hiddenSize]
 */
export function decodeLayer(
  x: Tensor2D,
  { cos, sin }: { cos: Tensor3D; sin: Tensor3D },
  weights: FusedLayerWeights,
  { keys, values, lengths }: KeptTokens,
  { heads, kvHeads, headDim, eps, window }: FusedLayerOptions,
): Tensor2D {
  const { inputNorm, qkv, qkvBias, queryNorm, keyNorm, output, mlpNorm, gateUp, down } = weights;
  const none = tensor1d([]);
  const attention = [inputNorm, qkv, qkvBias ?? none, queryNorm ?? none, keyNorm ?? none, output];
  const inputs = [x, cos, sin, lengths, ...attention, mlpNorm, gateUp, down, ...keys, ...values];
  const attributes = { heads, kv_heads: kvHeads, head_dim: headDim, window, eps, N: keys.length };
  const [y] = run('DprunerDecodeLayer', attributes, inputs, 1);
  none.dispose();
  return y as Tensor2D;
}
