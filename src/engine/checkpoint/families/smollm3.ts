import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import { attentionOf } from '../model-config.ts';
import { parseRope } from '../rope-scaling.ts';
import type { Family } from './family.ts';
import { biasedAttention, biasedMlp } from './llama.ts';
import { assertActivation, invalid, LLAMA_NAMES, readDecoder, slidingLayers } from './read-decoder.ts';

const attentionJson = z.looseObject({
  no_rope_layers: z.array(z.int()).nullish(),
  no_rope_layer_interval: z.int().positive().nullish(),
  use_sliding_window: z.boolean().nullish(),
  sliding_window: z.int().positive().nullish(),
});

/** As LLaMA, but queries and keys are not rotated in some layers: every fourth, or as `no_rope_layers` says. */
export const smollm3: Family = {
  modelType: 'smollm3',
  architectures: ['SmolLM3ForCausalLM'],
  names: LLAMA_NAMES,
  parse(json, file) {
    assertActivation(json, file, 'hidden_act', 'silu');
    const decoder = readDecoder(json, file, {
      numKeyValueHeads: 4,
      maxPositionEmbeddings: 32768,
      tieWordEmbeddings: true,
    });
    const layers = decoder.numHiddenLayers;
    const given = checkJson(attentionJson, json, file);
    const rope = parseRope(json, decoder.maxPositionEmbeddings, file, { theta: 2e6 });
    const rotated =
      given.no_rope_layers?.map((one) => one !== 0) ?? everyOther(layers, given.no_rope_layer_interval ?? 4);
    if (rotated.length < layers)
      throw invalid(file, `no_rope_layers names ${rotated.length} layers, num_hidden_layers ${layers}`);
    const window = given.use_sliding_window ? (given.sliding_window ?? null) : null;
    const slides = slidingLayers(json, layers, file) ?? rotated.map((isRotated) => !isRotated);
    const kinds = Array.from({ length: layers }, (_, layer) => ({
      rope: rotated[layer] ? rope : null,
      slidingWindow: slides[layer] ? window : null,
    }));
    return {
      ...decoder,
      ...attentionOf(kinds),
      names: { ...LLAMA_NAMES, biased: [...biasedAttention(json, file), ...biasedMlp(json, file)] },
    };
  },
};

/** false for every `interval`th layer. */
const everyOther = (layers: number, interval: number): boolean[] =>
  Array.from({ length: layers }, (_, layer) => (layer + 1) % interval !== 0);
