import { getBackend, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from './ops.ts';
import { takeFloats } from './read.ts';
import { makeRoomFor } from './reclaim.ts';
import { tensorflowBackend } from './tensorflow-backend.ts';

/**
 * Whether the operations of `native/` are there: they are compiled with the link to TensorFlow and run on the
 * processor. Elsewhere the same is composed of the backend's own operations.
 */
export function hasFusedKernels(): boolean {
  if (getBackend() !== 'tensorflow') return false;
  available ??= probe();
  return available;
}

let available: boolean | null = null;

function probe(): boolean {
  if (tensorflowBackend().isUsingGpuDevice) return false;
  try {
    run('DprunerProbe', {}, [], 0);
    return true;
  } catch {
    return false; // a binding compiled without them
  }
}

type Attributes = Readonly<Record<string, number>>;

/** The attributes that are no whole numbers. */
const FRACTIONS = new Set(['eps', 'damping']);

/** Calls an operation of `native/`. */
export function run(name: string, attributes: Attributes, inputs: Tensor[], outputs: number): Tensor[] {
  const tensorflow = tensorflowBackend();
  const { TF_ATTR_INT, TF_ATTR_FLOAT } = tensorflow.binding;
  const list = Object.entries(attributes).map(([attribute, value]) => ({
    name: attribute,
    type: FRACTIONS.has(attribute) ? TF_ATTR_FLOAT : TF_ATTR_INT,
    value,
  }));
  return tensorflow.executeMultipleOutputs(name, list, inputs, outputs);
}

/** What the C library's allocator keeps of freed memory goes back to the system. */
export function trimAllocator(): void {
  run('DprunerTrimAllocator', {}, [], 0);
}

/** Which keys a query may see: query i of a block stands at key `offset + i`, and sees `window` keys back (0: all). */
export interface CausalBlock {
  readonly queries: number;
  readonly offset: number;
  readonly window: number;
}

/** Scores [S, R, keys], rows running through the block's queries, become their softmax over the keys seen; in place. */
export function causalSoftmaxInPlace(scores: Tensor3D, { queries, offset, window }: CausalBlock): Tensor3D {
  run('DprunerCausalSoftmax', { queries, offset, window }, [scores], 0);
  return scores;
}

/** softmax(q kᵀ) v of the keys that each query sees, the scores never in memory: [Hkv, G·b, D], [Hkv, keys, D] → [Hkv, G·b, D]. */
export const causalAttention = (
  q: Tensor3D,
  k: Tensor3D,
  v: Tensor3D,
  { queries, offset, window }: CausalBlock,
): Tensor3D => run('DprunerAttention', { queries, offset, window }, [q, k, v], 1)[0] as Tensor3D;

/**
 * The gradients of `causalAttention` of B blocks from those at its outputs, scores computed again.
 * @param places int32 [B, 4], as for `splitHeads`
 */
export function causalAttentionGradient(
  { q, k, v }: { q: readonly Tensor3D[]; k: readonly Tensor3D[]; v: readonly Tensor3D[] },
  dOutputs: readonly Tensor3D[],
  places: Tensor2D,
  window: number,
): { dq: Tensor3D[]; dk: Tensor3D[]; dv: Tensor3D[] } {
  const N = q.length;
  const inputs = [places, ...q, ...k, ...v, ...dOutputs];
  const parts = run('DprunerAttentionGradient', { window, N }, inputs, 3 * N) as Tensor3D[];
  return { dq: parts.slice(0, N), dk: parts.slice(N, 2 * N), dv: parts.slice(2 * N) };
}

/** dS = P · (dP − Σ P·dP), written over dP; [S, R, keys]. */
export function causalSoftmaxGradientInPlace(
  probabilities: Tensor3D,
  gradient: Tensor3D,
  { queries, offset, window }: CausalBlock,
): Tensor3D {
  run('DprunerCausalSoftmaxGradient', { queries, offset, window }, [probabilities, gradient], 0);
  return gradient;
}

export interface HeadCounts {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Queries, keys and values of each of the B blocks whose `places` [B, 4] are given; see `native/attention-kernels.cc`. */
export function splitHeads(
  { heads, kvHeads, headDim }: HeadCounts,
  qkv: Tensor2D,
  { cos, sin }: { cos: Tensor3D; sin: Tensor3D },
  places: Tensor2D,
): { q: Tensor3D[]; k: Tensor3D[]; v: Tensor3D[] } {
  const N = places.shape[0];
  const attributes = { heads, kv_heads: kvHeads, head_dim: headDim, N };
  const parts = run('DprunerSplitHeads', attributes, [qkv, cos, sin, places], 3 * N) as Tensor3D[];
  return { q: parts.slice(0, N), k: parts.slice(N, 2 * N), v: parts.slice(2 * N) };
}

/** The gradient of `splitHeads` at qkv, [N, (H + 2·Hkv)·D]. */
export function joinHeads(
  { heads, kvHeads, headDim }: HeadCounts,
  { cos, sin }: { cos: Tensor3D; sin: Tensor3D },
  places: Tensor2D,
  { dq, dk, dv }: { dq: Tensor3D[]; dk: Tensor3D[]; dv: Tensor3D[] },
): Tensor2D {
  const parts = [...dq, ...dk, ...dv];
  const attributes = { heads, kv_heads: kvHeads, head_dim: headDim, N: parts.length };
  return run('DprunerJoinHeads', attributes, [cos, sin, places, ...parts], 1)[0] as Tensor2D;
}

/** The rows of each block's queries of x [N, H·D], head by head: [Hkv, G·b, D] each. */
export function splitBlocks(
  { heads, kvHeads }: Omit<HeadCounts, 'headDim'>,
  x: Tensor2D,
  places: Tensor2D,
): Tensor3D[] {
  const N = places.shape[0];
  return run('DprunerSplitBlocks', { heads, kv_heads: kvHeads, N }, [x, places], N) as Tensor3D[];
}

/** Blocks [Hkv, G·b, D] in order, heads side by side: [N, H·D]. */
export const mergeBlocks = (heads: number, blocks: Tensor3D[]): Tensor2D =>
  run('DprunerMergeBlocks', { heads, N: blocks.length }, blocks, 1)[0] as Tensor2D;

/** silu(gate) · up of gate and up side by side, [N, 2·I] → [N, I]. */
export const swiglu = (gateUp: Tensor2D): Tensor2D => run('DprunerSwiglu', {}, [gateUp], 1)[0] as Tensor2D;

/** d gate and d up side by side, [N, 2·I]. */
export const swigluGradient = (gateUp: Tensor2D, dy: Tensor2D): Tensor2D =>
  run('DprunerSwigluGradient', {}, [gateUp, dy], 1)[0] as Tensor2D;

/** weight · x · (mean(x²) + eps)^-½ of each row of x [N, D]. */
export const rmsNorm = (x: Tensor2D, weight: Tensor1D, eps: number): Tensor2D =>
  run('DprunerRmsNorm', { eps }, [x, weight], 1)[0] as Tensor2D;

/** The gradient of `rmsNorm` at x, added to `residual`; [N, D]. */
export const rmsNormGradient = (
  x: Tensor2D,
  weight: Tensor1D,
  eps: number,
  dy: Tensor2D,
  residual: Tensor2D,
): Tensor2D => run('DprunerRmsNormGradient', { eps }, [x, weight, dy, residual], 1)[0] as Tensor2D;

/**
 * Of logits z = x weightᵀ that never are all in memory: each row's largest and Σ exp(z − largest), [N, 1], and Σ exp(z − largest) ·
 * the weight's rows, [N, D], or [0, D] if it is not wanted.
 */
export function headExponentials(
  x: Tensor2D,
  weight: Tensor2D,
  isWeighed: boolean,
): { largest: Tensor2D; total: Tensor2D; weighed: Tensor2D } {
  const outputs = run('DprunerHeadGradient', { gradient: Number(isWeighed) }, [x, weight], 3) as Tensor2D[];
  const [largest, total, weighed] = outputs;
  return { largest, total, weighed };
}

/** Product of two matrices, or of two stacks of as many. */
export function fusedMatMul<T extends Tensor2D | Tensor3D>(
  a: T,
  b: T,
  transposeA: boolean,
  transposeB: boolean,
): T {
  const attributes = { transpose_a: Number(transposeA), transpose_b: Number(transposeB) };
  return run(a.rank === 2 ? 'DprunerMatMul' : 'DprunerStackMatMul', attributes, [a, b], 1)[0] as T;
}

/** total [n, n] += xᵀ x of x [N, n], in place; only the lower triangle counts. */
export const addGramInPlace = (total: Tensor2D, x: Tensor2D): void =>
  void run('DprunerAddGram', {}, [total, x], 0);

/** A square matrix's upper triangle becomes that of its lower one, in place. */
export const mirrorLowerInPlace = (matrix: Tensor2D): void => void run('DprunerMirrorLower', {}, [matrix], 0);

/**
 * total [outputs, inputs] += (dy_jᵀ x_j)² of each segment of dy [N, outputs] and x [N, inputs], in place.
 * @param segments int32 [S, 2]: where each begins and ends
 */
export const addSquaredGradientsInPlace = (
  total: Tensor2D,
  dy: Tensor2D,
  x: Tensor2D,
  segments: Tensor2D,
): void => void run('DprunerAddSquaredGradients', {}, [total, dy, x, segments], 0);

/** Sums over the rows of x [N, D], or over their squares, [D]. */
export const fusedColumnSums = (x: Tensor2D, squares: boolean): Tensor1D =>
  run('DprunerColumnSums', { squares: Number(squares) }, [x], 1)[0] as Tensor1D;

/** total += x, in place. */
export const addInPlace = (total: Tensor, x: Tensor): void =>
  void run('DprunerAccumulate', {}, [total, x], 0);

/** Of part of the logarithms given, those that are −∞ left out: their ends, number and sum, and Σ exp(log − most). */
export interface PartOfLogs {
  readonly least: number;
  readonly most: number;
  readonly alive: number;
  readonly total: number;
  readonly exponentials: number;
}

/** @param logs [N] */
export function logStatistics(logs: Tensor1D): PartOfLogs[] {
  const rows = run('DprunerLogStatistics', {}, [logs], 1)[0] as Tensor2D;
  const [count, width] = rows.shape;
  const numbers = takeFloats(rows);
  return Array.from({ length: count }, (_, i) => {
    const [least, most, alive, high, low, highSum, lowSum] = numbers.subarray(i * width, (i + 1) * width);
    return { least, most, alive, total: high + low, exponentials: highSum + lowSum };
  });
}

/**
 * The 16-bit codes 1.5 + (log − low) / step of logarithms [N], fractions dropped: 1 for what is not above `low`, 0 for −∞.
 */
export function logCodes(logs: Tensor1D, low: number, step: number): Uint16Array<ArrayBuffer> {
  const scale = tensor1d([low, low - Math.fround(low), step, step - Math.fround(step)]);
  const packed = run('DprunerLogCodes', {}, [logs, scale], 1)[0];
  scale.dispose();
  return takeCodes(packed, logs.size);
}

/** 16-bit numbers that a kernel put out two by two. */
function takeCodes(packed: Tensor, count: number): Uint16Array<ArrayBuffer> {
  makeRoomFor(4 * packed.size);
  const pairs = packed.dataSync<'int32'>();
  packed.dispose();
  return new Uint16Array(pairs.buffer as ArrayBuffer, pairs.byteOffset, count);
}

/**
 * The lower triangle, row by row, of a symmetric matrix base + u vᵀ + v uᵀ whose rows and columns are scaled to −1 … 1, as codes 0 … 65534.
 * @param base [n, n]; its lower triangle counts
 * @param vectors the two parts of u, of v, and of the scales, [6, n]
 */
export const correlationCodes = (base: Tensor2D, vectors: Tensor2D): Uint16Array<ArrayBuffer> => {
  const n = base.shape[0];
  return takeCodes(run('DprunerCorrelations', {}, [base, vectors], 1)[0], (n * (n + 1)) / 2);
};

/** A symmetric matrix base + u vᵀ + v uᵀ + added · I as the kernels take it: float64 numbers as sums of two float32. */
export interface SplitSymmetric {
  /** [n, n]; its lower triangle counts. */
  readonly base: Tensor2D;
  /** The two parts of u, then of v, [4, n]. */
  readonly vectors: Tensor2D;
  /** [2] */
  readonly added: Tensor1D;
}

/** diag of the inverse, computed in float64, as the sum of two rows [2, n]; NaN where a pivot was not positive. */
export const symmetricInverseDiagonal = ({ base, vectors, added }: SplitSymmetric): Tensor2D =>
  run('DprunerInverseDiagonal', {}, [base, vectors, added], 1)[0] as Tensor2D;

/** The upper U with Uᵀ U = the inverse, computed in float64, [n, n]; NaN where a pivot was not positive. */
export const symmetricInverseFactor = ({ base, vectors, added }: SplitSymmetric): Tensor2D =>
  run('DprunerInverseFactor', {}, [base, vectors, added], 1)[0] as Tensor2D;

/** x weightᵀ, [N, outputs]: faster than the product of matrices where x has few rows, as the weight is read but once. */
export const fewRowsLinear = (x: Tensor2D, weight: Tensor2D): Tensor2D =>
  run('DprunerFewRowsLinear', {}, [x, weight], 1)[0] as Tensor2D;
