import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import { attentionOf, type ModelConfig } from '../model-config.ts';
import { parseRope } from '../rope-scaling.ts';
import type { TensorNames } from '../tensor-names.ts';
import type { Family } from './family.ts';
import { GEMMA_NAMES, readGemma } from './gemma2.ts';
import { slidingLayers } from './read-decoder.ts';

const parameters = z.looseObject({}).nullish();
const attentionJson = z.looseObject({
  sliding_window_pattern: z.int().positive().nullish(),
  rope_theta: z.number().positive().nullish(),
  rope_local_base_freq: z.number().positive().nullish(),
  rope_scaling: parameters,
  /** transformers 5: the parameters of each type of layer. */
  rope_parameters: z.looseObject({ full_attention: parameters, sliding_attention: parameters }).nullish(),
});

const NAMES: TensorNames = {
  ...GEMMA_NAMES,
  norms: { ...GEMMA_NAMES.norms, queryNorm: 'self_attn.q_norm', keyNorm: 'self_attn.k_norm' },
};

/**
 * Gemma 3, text only: as Gemma 2 without its caps, with a norm of each head's queries and keys; five sliding layers to each
 * that sees everything, the two kinds with rotary embeddings of their own, of which only the latter's is scaled.
 */
export const gemma3: Family = {
  modelType: 'gemma3_text',
  architectures: ['Gemma3ForCausalLM'],
  names: NAMES,
  parse(json, file): Omit<ModelConfig, 'modelType'> {
    const { slidingWindow, ...decoder } = readGemma(json, file, {
      numKeyValueHeads: 4,
      headDim: 256,
      maxPositionEmbeddings: 131072,
      attentionSoftcap: null,
      logitSoftcap: null,
    });
    const given = checkJson(attentionJson, json, file);
    const rope = (
      theta: number | null | undefined,
      of: 'full_attention' | 'sliding_attention',
      usual: number,
    ) =>
      parseRope(
        {
          rope_theta: theta,
          rope_scaling: of === 'full_attention' ? given.rope_scaling : null,
          rope_parameters: given.rope_parameters?.[of],
        },
        decoder.maxPositionEmbeddings,
        file,
        { theta: usual },
      );
    const everywhere = { rope: rope(given.rope_theta, 'full_attention', 1e6), slidingWindow: null };
    const nearby = { rope: rope(given.rope_local_base_freq, 'sliding_attention', 1e4), slidingWindow };
    const pattern = given.sliding_window_pattern ?? 6;
    const layers = decoder.numHiddenLayers;
    const slides =
      slidingLayers(json, layers, file) ??
      Array.from({ length: layers }, (_, layer) => (layer + 1) % pattern !== 0);
    return {
      ...decoder,
      ...attentionOf(slides.map((isSliding) => (isSliding ? nearby : everywhere))),
      names: { ...NAMES, biased: decoder.names.biased },
    };
  },
};
