/** Everything that decides what the training makes. */
export const demoSettings = {
  seed: 20240510,
  /** Tokens beside the end of text and the 256 bytes. */
  merges: 2815,
  /** config.json of the model. */
  config: {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: 3072,
    hidden_size: 192,
    intermediate_size: 512,
    num_hidden_layers: 4,
    num_attention_heads: 6,
    num_key_value_heads: 2,
    head_dim: 32,
    hidden_act: 'silu',
    max_position_embeddings: 256,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: true,
    initializer_range: 0.02,
    bos_token_id: 0,
    eos_token_id: 0,
    use_cache: true,
    torch_dtype: 'float16',
  },
  /** Characters of each domain's held-out parts. */
  heldOutCharacters: 150_000,
  testCharacters: 80_000,
  sequencesABatch: { legal: 2, general: 3 },
  training: {
    steps: 2800,
    warmupSteps: 100,
    sequenceLength: 256,
    optimizer: { learningRate: 2e-3, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.1 },
    maxGradientNorm: 1,
    measureEvery: 200,
    measuredSequences: 16,
  },
} as const;
