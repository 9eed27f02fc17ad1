/** Layer shapes of known models, as config.json says them; only the depth is the caller's. */
export const SHAPES = {
  'llama-2-7b': {
    hidden_size: 4096,
    intermediate_size: 11008,
    heads: 32,
    key_value_heads: 32,
    vocab_size: 32000,
    tied: false,
  },
  'llama-3-8b': {
    hidden_size: 4096,
    intermediate_size: 14336,
    heads: 32,
    key_value_heads: 8,
    vocab_size: 128256,
    tied: false,
  },
  'tinyllama-1.1b': {
    hidden_size: 2048,
    intermediate_size: 5632,
    heads: 32,
    key_value_heads: 4,
    vocab_size: 32000,
    tied: false,
  },
  small: {
    hidden_size: 256,
    intermediate_size: 688,
    heads: 8,
    key_value_heads: 4,
    vocab_size: 1024,
    tied: false,
  },
} as const;
export type ShapeName = keyof typeof SHAPES;

/** @throws where there are no shapes of that name */
export function shapeNamed(name: string): ShapeName {
  if (!Object.hasOwn(SHAPES, name)) throw new Error(`--shapes is one of ${Object.keys(SHAPES).join(', ')}`);
  return name as ShapeName;
}

/** A config.json of a model of these shapes and so many decoder layers. */
export function configJson(name: ShapeName, layers: number): Record<string, unknown> {
  const { heads, key_value_heads, tied, ...sizes } = SHAPES[name];
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    ...sizes,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: key_value_heads,
    rms_norm_eps: 1e-5,
    max_position_embeddings: 4096,
    hidden_act: 'silu',
    tie_word_embeddings: tied,
    torch_dtype: 'bfloat16',
  };
}
