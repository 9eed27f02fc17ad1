import type { TensorNames } from '../tensor-names.ts';
import type { Family } from './family.ts';
import { biasedAttention } from './llama.ts';
import { qwenWindows } from './qwen2.ts';
import { assertActivation, LLAMA_NAMES, readDecoder, rotaryAttention } from './read-decoder.ts';

const NAMES: TensorNames = {
  ...LLAMA_NAMES,
  norms: { ...LLAMA_NAMES.norms, queryNorm: 'self_attn.q_norm', keyNorm: 'self_attn.k_norm' },
};

/** Qwen 3, dense: as LLaMA, with a norm of each head's queries and keys before they are rotated. */
export const qwen3: Family = {
  modelType: 'qwen3',
  architectures: ['Qwen3ForCausalLM'],
  names: NAMES,
  parse(json, file) {
    assertActivation(json, file, 'hidden_act', 'silu');
    const decoder = readDecoder(json, file, {
      numKeyValueHeads: 32,
      headDim: 128,
      maxPositionEmbeddings: 32768,
    });
    const { maxPositionEmbeddings, numHiddenLayers } = decoder;
    return {
      ...decoder,
      ...rotaryAttention(json, file, maxPositionEmbeddings, qwenWindows(json, numHiddenLayers, file)),
      names: { ...NAMES, biased: biasedAttention(json, file) },
    };
  },
};
