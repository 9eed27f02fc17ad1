import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import type { Linear } from '../tensor-names.ts';
import type { Family } from './family.ts';
import { assertActivation, LLAMA_NAMES, readDecoder, rotaryAttention } from './read-decoder.ts';

const flagsJson = z.looseObject({ attention_bias: z.boolean().nullish(), mlp_bias: z.boolean().nullish() });

/** The linear layers of the attention, if `attention_bias` says that they carry biases. */
export const biasedAttention = (json: unknown, file: string): Linear[] =>
  checkJson(flagsJson, json, file).attention_bias ? ['qProj', 'kProj', 'vProj', 'oProj'] : [];

/** The linear layers of the feed-forward part, if `mlp_bias` says that they carry biases. */
export const biasedMlp = (json: unknown, file: string): Linear[] =>
  checkJson(flagsJson, json, file).mlp_bias ? ['gateProj', 'upProj', 'downProj'] : [];

/** LLaMA 1 to 3, and what has its form: TinyLlama, SmolLM, SmolLM2 and many more. */
export const llama: Family = {
  modelType: 'llama',
  architectures: ['LlamaForCausalLM'],
  names: LLAMA_NAMES,
  parse(json, file) {
    assertActivation(json, file, 'hidden_act', 'silu');
    const decoder = readDecoder(json, file, { numKeyValueHeads: null, maxPositionEmbeddings: 2048 });
    const windows = new Array(decoder.numHiddenLayers).fill(null);
    return {
      ...decoder,
      ...rotaryAttention(json, file, decoder.maxPositionEmbeddings, windows),
      names: { ...LLAMA_NAMES, biased: [...biasedAttention(json, file), ...biasedMlp(json, file)] },
    };
  },
};
