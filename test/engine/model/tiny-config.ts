import type { AttentionKind, ModelConfig } from '../../../src/engine/checkpoint/model-config.ts';

export const TINY_THETA = 10000;
export const TINY_EPS = 1e-5;

/** LLaMA's names. */
const NAMES: ModelConfig['names'] = {
  base: 'model.',
  embedding: 'embed_tokens',
  embeddingNorm: null,
  layers: 'layers',
  norms: { inputNorm: 'input_layernorm', mlpInputNorm: 'post_attention_layernorm' },
  linears: {
    qProj: 'self_attn.q_proj',
    kProj: 'self_attn.k_proj',
    vProj: 'self_attn.v_proj',
    oProj: 'self_attn.o_proj',
    gateProj: 'mlp.gate_proj',
    upProj: 'mlp.up_proj',
    downProj: 'mlp.down_proj',
  },
  biased: [],
  finalNorm: 'norm',
};

/** 4 query heads over 2 key/value heads of 4, hidden 12, intermediate 20. */
export function tinyConfig(
  changes: Partial<ModelConfig> = {},
  attention: Partial<AttentionKind> = {},
): ModelConfig {
  return {
    modelType: 'llama',
    vocabSize: 48,
    hiddenSize: 12,
    intermediateSize: 20,
    numHiddenLayers: 1,
    numAttentionHeads: 4,
    numKeyValueHeads: 2,
    headDim: 4,
    rotaryDim: changes.headDim ?? 4,
    maxPositionEmbeddings: 4096,
    tieWordEmbeddings: false,
    norm: { kind: 'rms', eps: TINY_EPS, offset: 0 },
    embeddingScale: 1,
    attentionScale: (changes.headDim ?? 4) ** -0.5,
    attentionSoftcap: null,
    alibi: false,
    qkvRows: 'parted',
    attentionKinds: [{ rope: { theta: TINY_THETA, scaling: null }, slidingWindow: null, ...attention }],
    kindOfLayer: [0],
    activation: 'silu',
    gatedMlp: true,
    logitSoftcap: null,
    names: NAMES,
    ...changes,
  };
}
