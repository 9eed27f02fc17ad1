import type { ModelConfig } from './config.ts';

/** The prunable linear layers of a decoder layer, in the order in which they act, by Hugging Face's names. */
export const LINEARS = ['qProj', 'kProj', 'vProj', 'oProj', 'gateProj', 'upProj', 'downProj'] as const;
export type Linear = (typeof LINEARS)[number];

const MODULE: Record<Linear, string> = {
  qProj: 'self_attn.q_proj',
  kProj: 'self_attn.k_proj',
  vProj: 'self_attn.v_proj',
  oProj: 'self_attn.o_proj',
  gateProj: 'mlp.gate_proj',
  upProj: 'mlp.up_proj',
  downProj: 'mlp.down_proj',
};

export const EMBEDDING = 'model.embed_tokens.weight';
export const FINAL_NORM = 'model.norm.weight';
export const LM_HEAD = 'lm_head.weight';

export const linearWeight = (layer: number, linear: Linear): string =>
  `model.layers.${layer}.${MODULE[linear]}.weight`;
export const linearBias = (layer: number, linear: Linear): string =>
  `model.layers.${layer}.${MODULE[linear]}.bias`;
export const inputNorm = (layer: number): string => `model.layers.${layer}.input_layernorm.weight`;
export const postAttentionNorm = (layer: number): string =>
  `model.layers.${layer}.post_attention_layernorm.weight`;

/** [rows, columns] = [outputs, inputs] of a linear layer's weight. */
export function linearShape(config: ModelConfig, linear: Linear): [number, number] {
  const { hiddenSize, intermediateSize, headDim } = config;
  const attention = config.numAttentionHeads * headDim;
  const keyValue = config.numKeyValueHeads * headDim;
  switch (linear) {
    case 'qProj':
      return [attention, hiddenSize];
    case 'kProj':
    case 'vProj':
      return [keyValue, hiddenSize];
    case 'oProj':
      return [hiddenSize, attention];
    case 'gateProj':
    case 'upProj':
      return [intermediateSize, hiddenSize];
    case 'downProj':
      return [hiddenSize, intermediateSize];
  }
}

export function hasBias(config: ModelConfig, linear: Linear): boolean {
  switch (linear) {
    case 'qProj':
    case 'kProj':
    case 'vProj':
      return config.qkvBias;
    case 'oProj':
      return config.outputBias;
    default:
      return config.mlpBias;
  }
}
