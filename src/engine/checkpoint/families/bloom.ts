import { z } from 'zod';
import { checkJson } from '../json-file.ts';
import { attentionOf } from '../model-config.ts';
import type { TensorNames } from '../tensor-names.ts';
import type { Family } from './family.ts';
import { invalid, unsupported } from './read-decoder.ts';

const size = z.int().positive();

const bloomJson = z.looseObject({
  vocab_size: size,
  hidden_size: size.nullish(),
  /** The older name of `hidden_size`, which wins where both are there. */
  n_embed: size.nullish(),
  n_layer: size.nullish(),
  num_hidden_layers: size.nullish(),
  n_head: size.nullish(),
  num_attention_heads: size.nullish(),
  layer_norm_epsilon: z.number().positive().nullish(),
  apply_residual_connection_post_layernorm: z.boolean().nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  seq_length: size.nullish(),
});

const NAMES: TensorNames = {
  base: 'transformer.',
  embedding: 'word_embeddings',
  embeddingNorm: 'word_embeddings_layernorm',
  layers: 'h',
  norms: { inputNorm: 'input_layernorm', mlpInputNorm: 'post_attention_layernorm' },
  linears: {
    qkvProj: 'self_attention.query_key_value',
    oProj: 'self_attention.dense',
    upProj: 'mlp.dense_h_to_4h',
    downProj: 'mlp.dense_4h_to_h',
  },
  biased: ['qkvProj', 'oProj', 'upProj', 'downProj'],
  finalNorm: 'ln_f',
};

/** What BLOOM was trained with; its positions have no end. */
const SEQUENCE_LENGTH = 2048;

/**
 * BLOOM: layer norms, one of them of the embeddings; biases everywhere; no gate in the feed-forward part; positions by ALiBi.
 * q, k and v are the rows of one matrix, each head's three together, and it is pruned as the one matrix that it is.
 */
export const bloom: Family = {
  modelType: 'bloom',
  architectures: ['BloomForCausalLM', 'BloomModel'],
  names: NAMES,
  parse(json, file) {
    const given = checkJson(bloomJson, json, file);
    const hiddenSize = given.n_embed ?? given.hidden_size;
    const numHiddenLayers = given.n_layer ?? given.num_hidden_layers;
    const numAttentionHeads = given.n_head ?? given.num_attention_heads;
    if (!hiddenSize || !numHiddenLayers || !numAttentionHeads)
      throw invalid(file, 'hidden_size, n_layer and n_head are not all given');
    const headDim = hiddenSize / numAttentionHeads;
    if (headDim % 2 !== 0)
      throw invalid(file, `hidden_size ${hiddenSize} over n_head ${numAttentionHeads} is not an even number`);
    if (given.apply_residual_connection_post_layernorm)
      throw unsupported(
        file,
        'residuals after the norm (apply_residual_connection_post_layernorm) are not supported',
      );
    return {
      vocabSize: given.vocab_size,
      hiddenSize,
      intermediateSize: 4 * hiddenSize,
      numHiddenLayers,
      numAttentionHeads,
      numKeyValueHeads: numAttentionHeads,
      headDim,
      rotaryDim: headDim,
      maxPositionEmbeddings: given.seq_length ?? SEQUENCE_LENGTH,
      tieWordEmbeddings: given.tie_word_embeddings ?? true,
      norm: { kind: 'layer', eps: given.layer_norm_epsilon ?? 1e-5 },
      embeddingScale: 1,
      attentionScale: headDim ** -0.5,
      attentionSoftcap: null,
      alibi: true,
      qkvRows: 'by-head',
      ...attentionOf(new Array(numHiddenLayers).fill({ rope: null, slidingWindow: null })),
      activation: 'gelu-tanh',
      gatedMlp: false,
      logitSoftcap: null,
      names: NAMES,
    };
  },
};
