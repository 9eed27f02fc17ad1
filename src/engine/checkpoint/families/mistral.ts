import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import type { Family } from './family.ts';
import { assertActivation, LLAMA_NAMES, readDecoder, rotaryAttention } from './read-decoder.ts';

const windowJson = z.looseObject({ sliding_window: z.int().positive().nullish() });

/** As LLaMA; attention slides in every layer, unless the window is null. */
export const mistral: Family = {
  modelType: 'mistral',
  architectures: ['MistralForCausalLM'],
  names: LLAMA_NAMES,
  parse(json, file) {
    assertActivation(json, file, 'hidden_act', 'silu');
    const decoder = readDecoder(json, file, { numKeyValueHeads: 8, maxPositionEmbeddings: 131072 });
    const { sliding_window: window = 4096 } = checkJson(windowJson, json, file);
    const windows = new Array(decoder.numHiddenLayers).fill(window);
    return { ...decoder, ...rotaryAttention(json, file, decoder.maxPositionEmbeddings, windows) };
  },
};
