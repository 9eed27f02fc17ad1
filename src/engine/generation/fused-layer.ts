import type { ModelConfig } from '../checkpoint/model-config.ts';
import type { DecoderLayerWeights } from '../model/decoder-layer.ts';
import type { AttentionPositions } from '../model/positions.ts';
import { hasFusedKernels } from '../tensor/fused-kernels.ts';
import { type Tensor2D, tensor1d } from '../tensor/ops.ts';
import { decodeLayer, type FusedLayerWeights } from '../tensor/token-kernels.ts';
import type { KeyValueCache } from './key-value-cache.ts';

/** The layer as the fused kernel takes it; null where the model has parts that the kernel does not know, or there is none. */
export function fusedWeights(config: ModelConfig, weights: DecoderLayerWeights): FusedLayerWeights | null {
  if (!hasFusedKernels() || !isLlamaLike(config, weights)) return null;
  return {
    inputNorm: weights.inputNorm.weight,
    qkv: weights.attentionInput.weight,
    qkvBias: weights.attentionInput.bias,
    queryNorm: weights.queryNorm?.weight ?? null,
    keyNorm: weights.keyNorm?.weight ?? null,
    output: weights.attentionOutput.weight,
    mlpNorm: weights.mlpInputNorm.weight,
    gateUp: weights.mlpInput.weight,
    down: weights.mlpHidden.weight,
  };
}

/** RMS norms before attention and MLP and nowhere else but on heads; whole heads rotated; SwiGLU; a bias on q, k and v at most. */
function isLlamaLike(config: ModelConfig, weights: DecoderLayerWeights): boolean {
  const { norm, activation, gatedMlp, attentionSoftcap, alibi, qkvRows, headDim, rotaryDim } = config;
  const hasOutputNorms = weights.attentionOutputNorm !== null || weights.mlpOutputNorm !== null;
  const biased = [weights.attentionOutput, weights.mlpInput, weights.mlpHidden].some(
    ({ bias }) => bias !== null,
  );
  const plainAttention = attentionSoftcap === null && !alibi && qkvRows === 'parted' && rotaryDim === headDim;
  const swiglu = gatedMlp && activation === 'silu';
  return norm.kind === 'rms' && swiglu && plainAttention && !hasOutputNorms && !biased;
}

/**
 * One further token of each sequence through a decoder layer at once; its keys and values are added to the caches.
 * @param input [N, hiddenSize]
 * @returns the layer's output, [N, hiddenSize]
 */
export function nextThroughFused(
  config: ModelConfig,
  layer: number,
  weights: FusedLayerWeights,
  input: Tensor2D,
  caches: readonly KeyValueCache[],
  { rotary, slidingWindow }: AttentionPositions,
): Tensor2D {
  const pasts = caches.map((cache) => cache.roomForOne(layer));
  const lengths = tensor1d(
    pasts.map(({ length }) => length),
    'int32',
  );
  const kept = { keys: pasts.map(({ k }) => k), values: pasts.map(({ v }) => v), lengths };
  const output = decodeLayer(input, rotary, weights, kept, {
    heads: config.numAttentionHeads,
    kvHeads: config.numKeyValueHeads,
    headDim: config.headDim,
    eps: config.norm.eps,
    window: slidingWindow ?? 0,
  });
  lengths.dispose();
  for (const cache of caches) cache.addedOne(layer);
  return output;
}
