import { parseModelConfig } from '../../../../src/engine/checkpoint/config.ts';

/** A model small enough to differentiate by hand: two layers, grouped queries, tied head. */
export const toyConfig = parseModelConfig(
  {
    model_type: 'llama',
    vocab_size: 17,
    hidden_size: 8,
    intermediate_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    tie_word_embeddings: true,
  },
  'config.json',
);

export const toySegments = [
  { start: 0, length: 6 },
  { start: 6, length: 4 },
];

export const toyBatch = {
  inputIds: Int32Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 16),
  targets: Int32Array.of(1, 4, 1, 5, 9, 2, 6, 5, 16, 0),
};
