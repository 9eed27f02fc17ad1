import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import type { ModelConfig } from '../model-config.ts';
import type { TensorNames } from '../tensor-names.ts';
import type { Family } from './family.ts';
import { biasedAttention } from './llama.ts';
import {
  assertActivation,
  type DecoderDefaults,
  LLAMA_NAMES,
  readDecoder,
  rotaryAttention,
  slidingLayers,
  unsupported,
} from './read-decoder.ts';

const positive = z.number().positive();

const gemmaJson = z.looseObject({
  query_pre_attn_scalar: positive.nullish(),
  sliding_window: z.int().positive().nullish(),
  attn_logit_softcapping: positive.nullish(),
  final_logit_softcapping: positive.nullish(),
  use_bidirectional_attention: z.boolean().nullish(),
});

/** What a Gemma is silent about. */
export interface GemmaDefaults extends DecoderDefaults {
  readonly attentionSoftcap: number | null;
  readonly logitSoftcap: number | null;
}

/** Around attention and around the feed-forward part a norm each, before and after. */
export const GEMMA_NAMES: TensorNames = {
  ...LLAMA_NAMES,
  norms: {
    inputNorm: 'input_layernorm',
    attentionOutputNorm: 'post_attention_layernorm',
    mlpInputNorm: 'pre_feedforward_layernorm',
    mlpOutputNorm: 'post_feedforward_layernorm',
  },
};

/** What Gemma 2 and 3 share: embeddings scaled by √hiddenSize, norms by 1 + weight, a GELU, soft caps. */
export function readGemma(
  json: unknown,
  file: string,
  defaults: GemmaDefaults,
): ReturnType<typeof readDecoder> & { readonly slidingWindow: number | null } {
  assertActivation(json, file, 'hidden_activation', 'gelu_pytorch_tanh');
  const decoder = readDecoder(json, file, { ...defaults, tieWordEmbeddings: true });
  const given = checkJson(gemmaJson, json, file);
  if (given.use_bidirectional_attention)
    throw unsupported(file, 'attention to later tokens (use_bidirectional_attention) is not supported');
  const { sliding_window: slidingWindow = 4096 } = given;
  const { attn_logit_softcapping: attentionSoftcap = defaults.attentionSoftcap } = given;
  const { final_logit_softcapping: logitSoftcap = defaults.logitSoftcap } = given;
  return {
    ...decoder,
    norm: { ...decoder.norm, kind: 'rms', offset: 1 },
    embeddingScale: Math.sqrt(decoder.hiddenSize),
    attentionScale: (given.query_pre_attn_scalar ?? 256) ** -0.5,
    activation: 'gelu-tanh',
    names: { ...GEMMA_NAMES, biased: biasedAttention(json, file) },
    ...{ attentionSoftcap, logitSoftcap, slidingWindow },
  };
}

/** Gemma 2: attention slides in every other layer, from the first on. */
export const gemma2: Family = {
  modelType: 'gemma2',
  architectures: ['Gemma2ForCausalLM'],
  names: GEMMA_NAMES,
  parse(json, file): Omit<ModelConfig, 'modelType'> {
    const { slidingWindow, ...decoder } = readGemma(json, file, {
      numKeyValueHeads: 4,
      headDim: 256,
      maxPositionEmbeddings: 8192,
      attentionSoftcap: 50,
      logitSoftcap: 30,
    });
    const layers = decoder.numHiddenLayers;
    const slides =
      slidingLayers(json, layers, file) ?? Array.from({ length: layers }, (_, layer) => layer % 2 === 0);
    const windows = slides.map((isSliding) => (isSliding ? slidingWindow : null));
    return { ...decoder, ...rotaryAttention(json, file, decoder.maxPositionEmbeddings, windows) };
  },
};
