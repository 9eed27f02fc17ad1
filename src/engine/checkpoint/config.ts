import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import { checkJson } from './json-file.ts';
import { parseRope, type RopeScaling } from './rope-scaling.ts';

export type { RopeScaling } from './rope-scaling.ts';

/** What config.json says of a LLaMA-family model, in Hugging Face's terms. */
export interface ModelConfig {
  readonly modelType: 'llama' | 'mistral' | 'qwen2';
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly ropeScaling: RopeScaling | null;
  readonly maxPositionEmbeddings: number;
  /** Keys further back than this are not attended to; null for full causal attention. */
  readonly slidingWindow: number | null;
  readonly tieWordEmbeddings: boolean;
  /** q/k/v projections carry a bias (Qwen2, or `attention_bias`). */
  readonly qkvBias: boolean;
  /** The output projection carries a bias (`attention_bias`). */
  readonly outputBias: boolean;
  /** gate/up/down projections carry a bias (`mlp_bias`). */
  readonly mlpBias: boolean;
}

/** The class that holds a family's weights, and what transformers assumes where config.json is silent. */
const FAMILIES = {
  llama: { architecture: 'LlamaForCausalLM', numKeyValueHeads: null, maxPositionEmbeddings: 2048 },
  mistral: { architecture: 'MistralForCausalLM', numKeyValueHeads: 8, maxPositionEmbeddings: 131072 },
  qwen2: { architecture: 'Qwen2ForCausalLM', numKeyValueHeads: 32, maxPositionEmbeddings: 32768 },
} as const;

const size = z.int().positive();
const flag = z.boolean().nullish();

const family = z.looseObject({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
});

const configJson = z.looseObject({
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  hidden_act: z.string().nullish(),
  rms_norm_eps: z.number().positive().nullish(),
  max_position_embeddings: size.nullish(),
  sliding_window: size.nullish(),
  use_sliding_window: flag,
  max_window_layers: z.int().nonnegative().nullish(),
  layer_types: z.array(z.string()).nullish(),
  tie_word_embeddings: flag,
  attention_bias: flag,
  mlp_bias: flag,
  quantization_config: z.unknown().optional(),
});
type ConfigJson = z.infer<typeof configJson>;

/**
 * Reads a parsed config.json as transformers would, with its defaults for absent keys.
 * `file` is named in errors: CONFIG_INVALID for a value that makes no sense, CONFIG_UNSUPPORTED for a model that
 * does something this engine does not compute.
 */
export function parseModelConfig(json: unknown, file: string): ModelConfig {
  const modelType = parseFamily(json, file);
  const config = checkJson(configJson, json, file);
  const unsupported = (found: string, fix: string) =>
    new UserError('CONFIG_UNSUPPORTED', `${file}: ${found}`, fix);

  if (config.quantization_config != null) {
    throw unsupported(
      'the weights are quantised (quantization_config is set), but F32, F16 or BF16 weights are needed',
      'Use the original, unquantised release of this model.',
    );
  }
  if ((config.hidden_act ?? 'silu') !== 'silu') {
    throw unsupported(
      `hidden_act is "${config.hidden_act}", but only "silu" is supported`,
      'Use another model.',
    );
  }

  const maxPositionEmbeddings = config.max_position_embeddings ?? FAMILIES[modelType].maxPositionEmbeddings;
  const attentionBias = modelType === 'llama' && (config.attention_bias ?? false);
  return {
    modelType,
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    numHiddenLayers: config.num_hidden_layers,
    ...parseHeads(config, modelType, file),
    rmsNormEps: config.rms_norm_eps ?? 1e-6,
    ...parseRope(json, maxPositionEmbeddings, file),
    maxPositionEmbeddings,
    slidingWindow: parseSlidingWindow(config, modelType, file),
    tieWordEmbeddings: config.tie_word_embeddings ?? false,
    qkvBias: modelType === 'qwen2' || attentionBias,
    outputBias: attentionBias,
    mlpBias: modelType === 'llama' && (config.mlp_bias ?? false),
  };
}

function parseFamily(json: unknown, file: string): ModelConfig['modelType'] {
  const { model_type: modelType, architectures } = checkJson(family, json, file);
  const supported = Object.keys(FAMILIES) as ModelConfig['modelType'][];
  const known = supported.find((name) => name === modelType);
  const right = known && (!architectures?.length || architectures.includes(FAMILIES[known].architecture));
  if (right) return known;
  throw new UserError(
    'CONFIG_UNSUPPORTED_ARCHITECTURE',
    `${file}: a model of type "${modelType}" (${architectures?.join(', ') || 'architectures not given'}) is not supported`,
    `Use one of: ${supported.map((name) => `${name} (${FAMILIES[name].architecture})`).join(', ')}.`,
  );
}

function parseHeads(config: ConfigJson, modelType: ModelConfig['modelType'], file: string) {
  const { hidden_size: hiddenSize, num_attention_heads: numAttentionHeads } = config;
  const absent = FAMILIES[modelType].numKeyValueHeads ?? numAttentionHeads;
  const numKeyValueHeads =
    config.num_key_value_heads === undefined ? absent : (config.num_key_value_heads ?? numAttentionHeads);
  const headDim = config.head_dim ?? hiddenSize / numAttentionHeads;
  const invalid = (found: string) =>
    new UserError(
      'CONFIG_INVALID',
      `${file}: ${found}`,
      'Download the file again from where the model came from.',
    );

  if (!Number.isInteger(headDim)) {
    throw invalid(`hidden_size ${hiddenSize} is not a multiple of num_attention_heads ${numAttentionHeads}`);
  }
  if (headDim % 2 !== 0)
    throw invalid(`the head dimension is ${headDim}, but rotary embedding needs an even one`);
  if (numAttentionHeads % numKeyValueHeads !== 0) {
    throw invalid(
      `num_attention_heads ${numAttentionHeads} is not a multiple of num_key_value_heads ${numKeyValueHeads}`,
    );
  }
  return { numAttentionHeads, numKeyValueHeads, headDim };
}

/**
 * One window for all layers, or none. Mistral slides in every layer; Qwen2 only when `use_sliding_window`, and
 * then in the layers from `max_window_layers` on. A model that slides in some layers only is refused.
 */
function parseSlidingWindow(
  config: ConfigJson,
  modelType: ModelConfig['modelType'],
  file: string,
): number | null {
  const slides = modelType === 'mistral' || (modelType === 'qwen2' && config.use_sliding_window);
  if (!slides) return null;
  // An absent window is transformers' default for these families, a null one is none.
  const window = config.sliding_window === undefined ? 4096 : config.sliding_window;
  if (modelType === 'mistral' || window === null) return window;

  const numLayers = config.num_hidden_layers;
  const numSliding = config.layer_types
    ? config.layer_types.filter((type) => type === 'sliding_attention').length
    : Math.max(0, numLayers - (config.max_window_layers ?? 28));
  if (numSliding === 0) return null;
  if (numSliding === numLayers) return window;
  throw new UserError(
    'CONFIG_UNSUPPORTED',
    `${file}: ${numSliding} of ${numLayers} layers use sliding-window attention, but either all or none of them must`,
    'Use another model; this one mixes two kinds of attention.',
  );
}
