import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import type { Family } from './family.ts';
import {
  assertActivation,
  LLAMA_NAMES,
  readDecoder,
  rotaryAttention,
  slidingLayers,
} from './read-decoder.ts';

const windowJson = z.looseObject({
  sliding_window: z.int().positive().nullish(),
  use_sliding_window: z.boolean().nullish(),
  max_window_layers: z.int().nonnegative().nullish(),
});

/** Qwen's windows, layer by layer: none unless `use_sliding_window`; then in the layers from `max_window_layers` on. */
export function qwenWindows(json: unknown, numHiddenLayers: number, file: string): (number | null)[] {
  const given = checkJson(windowJson, json, file);
  const slides = slidingLayers(json, numHiddenLayers, file);
  const window = given.use_sliding_window
    ? given.sliding_window === undefined
      ? 4096
      : given.sliding_window
    : null;
  return Array.from({ length: numHiddenLayers }, (_, layer) =>
    (slides ? slides[layer] : layer >= (given.max_window_layers ?? 28)) ? window : null,
  );
}

/** Qwen 2 and 2.5: as LLaMA, with biases of q, k and v. */
export const qwen2: Family = {
  modelType: 'qwen2',
  architectures: ['Qwen2ForCausalLM'],
  names: LLAMA_NAMES,
  parse(json, file) {
    assertActivation(json, file, 'hidden_act', 'silu');
    const decoder = readDecoder(json, file, { numKeyValueHeads: 32, maxPositionEmbeddings: 32768 });
    const { maxPositionEmbeddings, numHiddenLayers } = decoder;
    return {
      ...decoder,
      ...rotaryAttention(json, file, maxPositionEmbeddings, qwenWindows(json, numHiddenLayers, file)),
      names: { ...LLAMA_NAMES, biased: ['qProj', 'kProj', 'vProj'] },
    };
  },
};
