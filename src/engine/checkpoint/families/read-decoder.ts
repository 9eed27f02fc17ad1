import { z } from 'zod';
import { UserError } from '../../../contract/error.ts';
import { checkJson } from '../json-file.ts';
import { attentionOf, type ModelConfig } from '../model-config.ts';
import { parseRope, type RopeDefaults } from '../rope-scaling.ts';
import type { TensorNames } from '../tensor-names.ts';

const size = z.int().positive();

const decoderJson = z.looseObject({
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  hidden_act: z.string().nullish(),
  hidden_activation: z.string().nullish(),
  rms_norm_eps: z.number().positive().nullish(),
  max_position_embeddings: size.nullish(),
  tie_word_embeddings: z.boolean().nullish(),
});
type DecoderJson = z.infer<typeof decoderJson>;

/** What transformers assumes where config.json is silent. */
export interface DecoderDefaults {
  /** null: as many as there are heads. */
  readonly numKeyValueHeads: number | null;
  /** null: the hidden size over the number of heads. */
  readonly headDim?: number;
  readonly maxPositionEmbeddings: number;
  readonly tieWordEmbeddings?: boolean;
  readonly rmsNormEps?: number;
}

/** LLaMA's names, which most families share. */
export const LLAMA_NAMES: TensorNames = {
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

/** A config as LLaMA's, but for its attention, which families say each in their own way. */
export function readDecoder(
  json: unknown,
  file: string,
  defaults: DecoderDefaults,
): Omit<ModelConfig, 'modelType' | 'attentionKinds' | 'kindOfLayer'> {
  const given = checkJson(decoderJson, json, file);
  const heads = readHeads(given, defaults, file);
  return {
    vocabSize: given.vocab_size,
    hiddenSize: given.hidden_size,
    intermediateSize: given.intermediate_size,
    numHiddenLayers: given.num_hidden_layers,
    ...heads,
    rotaryDim: heads.headDim,
    maxPositionEmbeddings: given.max_position_embeddings ?? defaults.maxPositionEmbeddings,
    tieWordEmbeddings: given.tie_word_embeddings ?? defaults.tieWordEmbeddings ?? false,
    norm: { kind: 'rms', eps: given.rms_norm_eps ?? defaults.rmsNormEps ?? 1e-6, offset: 0 },
    embeddingScale: 1,
    attentionScale: heads.headDim ** -0.5,
    attentionSoftcap: null,
    alibi: false,
    qkvRows: 'parted',
    activation: 'silu',
    gatedMlp: true,
    logitSoftcap: null,
    names: LLAMA_NAMES,
  };
}

/** Refuses another activation than the one that the family's models have. */
export function assertActivation(
  json: unknown,
  file: string,
  key: keyof DecoderJson,
  supported: string,
): void {
  const found = checkJson(decoderJson, json, file)[key] ?? supported;
  if (found !== supported) {
    throw unsupported(file, `${String(key)} is "${found}", but only "${supported}" is supported`);
  }
}

/** One rotary embedding for all layers, each with its own window. */
export function rotaryAttention(
  json: unknown,
  file: string,
  maxPositionEmbeddings: number,
  windows: readonly (number | null)[],
  defaults?: RopeDefaults,
) {
  const rope = parseRope(json, maxPositionEmbeddings, file, defaults);
  return attentionOf(windows.map((slidingWindow) => ({ rope, slidingWindow })));
}

const layerTypesJson = z.looseObject({ layer_types: z.array(z.string()).nullish() });

/** Which layers slide, as `layer_types` says it; null where it says nothing. */
export function slidingLayers(json: unknown, numHiddenLayers: number, file: string): boolean[] | null {
  const types = checkJson(layerTypesJson, json, file).layer_types;
  if (!types) return null;
  const known = ['full_attention', 'sliding_attention'];
  const other = types.find((type) => !known.includes(type));
  if (other !== undefined)
    throw unsupported(file, `attention of type "${other}" (layer_types) is not supported`);
  if (types.length < numHiddenLayers)
    throw invalid(file, `layer_types names ${types.length} layers, num_hidden_layers ${numHiddenLayers}`);
  return types.slice(0, numHiddenLayers).map((type) => type === 'sliding_attention');
}

export const unsupported = (file: string, found: string) =>
  new UserError('CONFIG_UNSUPPORTED', `${file}: ${found}`, 'Use another model.');

export const invalid = (file: string, found: string) =>
  new UserError(
    'CONFIG_INVALID',
    `${file}: ${found}`,
    'Download the file again from where the model came from.',
  );

function readHeads(config: DecoderJson, defaults: DecoderDefaults, file: string) {
  const { hidden_size: hiddenSize, num_attention_heads: numAttentionHeads } = config;
  const absent = defaults.numKeyValueHeads ?? numAttentionHeads;
  const numKeyValueHeads =
    config.num_key_value_heads === undefined ? absent : (config.num_key_value_heads ?? numAttentionHeads);
  const headDim = config.head_dim ?? defaults.headDim ?? hiddenSize / numAttentionHeads;
  if (!Number.isInteger(headDim)) {
    throw invalid(
      file,
      `hidden_size ${hiddenSize} is not a multiple of num_attention_heads ${numAttentionHeads}`,
    );
  }
  if (headDim % 2 !== 0)
    throw invalid(file, `the head dimension is ${headDim}, but rotary embedding needs an even one`);
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    throw invalid(
      file,
      `num_attention_heads ${numAttentionHeads} is not a multiple of num_key_value_heads ${numKeyValueHeads}`,
    );
  }
  return { numAttentionHeads, numKeyValueHeads, headDim };
}
