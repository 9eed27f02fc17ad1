import { describe, expect, it } from 'vitest';
import { linearNamed, parseModelConfig } from '../../../src/engine/checkpoint/config.ts';

const FILE = '/models/m/config.json';
const minimal = {
  vocab_size: 100,
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 4,
  num_attention_heads: 8,
};
const llama = { model_type: 'llama', architectures: ['LlamaForCausalLM'], ...minimal };
const mistral = { model_type: 'mistral', architectures: ['MistralForCausalLM'], ...minimal };
const qwen2 = { model_type: 'qwen2', ...minimal, num_key_value_heads: 2 };
const parse = (json: unknown) => parseModelConfig(json, FILE);
/** The sliding window of each layer. */
const windows = (json: unknown) => {
  const { attentionKinds, kindOfLayer } = parse(json);
  return kindOfLayer.map((kind) => attentionKinds[kind].slidingWindow);
};
const refusal = (json: unknown) => {
  try {
    parse(json);
  } catch (error) {
    return error;
  }
  throw new Error('was accepted');
};

describe('parseModelConfig', () => {
  it("fills a LLaMA config's absent keys as transformers does", () => {
    expect(parse(llama)).toEqual({
      modelType: 'llama',
      vocabSize: 100,
      hiddenSize: 64,
      intermediateSize: 96,
      numHiddenLayers: 4,
      numAttentionHeads: 8,
      numKeyValueHeads: 8,
      headDim: 8,
      rotaryDim: 8,
      maxPositionEmbeddings: 2048,
      tieWordEmbeddings: false,
      norm: { kind: 'rms', eps: 1e-6, offset: 0 },
      embeddingScale: 1,
      attentionScale: 8 ** -0.5,
      attentionSoftcap: null,
      alibi: false,
      qkvRows: 'parted',
      attentionKinds: [{ rope: { theta: 10000, scaling: null }, slidingWindow: null }],
      kindOfLayer: [0, 0, 0, 0],
      activation: 'silu',
      gatedMlp: true,
      logitSoftcap: null,
      names: expect.objectContaining({ base: 'model.', biased: [] }),
    });
  });

  it('takes what a LLaMA config says', () => {
    const config = parse({
      ...llama,
      num_key_value_heads: 2,
      head_dim: 16,
      rms_norm_eps: 1e-5,
      rope_theta: 5e5,
      tie_word_embeddings: true,
      attention_bias: true,
      mlp_bias: true,
      max_position_embeddings: 512,
    });
    expect(config).toMatchObject({
      numKeyValueHeads: 2,
      headDim: 16,
      norm: { kind: 'rms', eps: 1e-5 },
      attentionKinds: [{ rope: { theta: 5e5 } }],
      tieWordEmbeddings: true,
      names: { biased: ['qProj', 'kProj', 'vProj', 'oProj', 'gateProj', 'upProj', 'downProj'] },
      maxPositionEmbeddings: 512,
    });
  });

  it('treats null as "not given" for head counts, head_dim and scaling', () => {
    const config = parse({ ...mistral, num_key_value_heads: null, head_dim: null, rope_scaling: null });
    expect(config).toMatchObject({
      numKeyValueHeads: 8,
      headDim: 8,
      attentionKinds: [{ rope: { scaling: null } }],
    });
  });

  it("knows Mistral's defaults, and that a null sliding window is none", () => {
    expect(parse({ ...mistral, num_attention_heads: 16 })).toMatchObject({
      numKeyValueHeads: 8,
      attentionKinds: [{ slidingWindow: 4096 }],
      maxPositionEmbeddings: 131072,
    });
    expect(windows({ ...mistral, sliding_window: null })).toEqual([null, null, null, null]);
    expect(windows({ ...mistral, sliding_window: 32 })).toEqual([32, 32, 32, 32]);
  });

  it('gives Qwen2 q/k/v biases and no other', () => {
    expect(parse({ ...qwen2, attention_bias: false }).names.biased).toEqual(['qProj', 'kProj', 'vProj']);
  });

  it('slides in Qwen only when asked to, from a layer on or as the list of layers says', () => {
    const window = { sliding_window: 32, max_window_layers: 0 };
    const all = [32, 32, 32, 32];
    expect(windows({ ...qwen2, ...window })).toEqual([null, null, null, null]);
    expect(windows({ ...qwen2, ...window, use_sliding_window: true })).toEqual(all);
    expect(windows({ ...qwen2, ...window, use_sliding_window: true, max_window_layers: 4 })).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(windows({ ...qwen2, ...window, use_sliding_window: true, max_window_layers: 3 })).toEqual([
      null,
      null,
      null,
      32,
    ]);
    const types = ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention'];
    const listed = { ...qwen2, sliding_window: 32, use_sliding_window: true, layer_types: types };
    expect(windows(listed)).toEqual([32, null, 32, null]);
    expect(parse(listed).attentionKinds).toHaveLength(2);
    expect(refusal({ ...qwen2, layer_types: ['full_attention'] })).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(refusal({ ...qwen2, layer_types: Array(4).fill('linear_attention') })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining('linear_attention'),
    });
  });

  const llama3 = {
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  };
  const llama3Scaling = {
    type: 'llama3',
    factor: 8,
    lowFreqFactor: 1,
    highFreqFactor: 4,
    originalMaxPositionEmbeddings: 8192,
  };
  it.each([
    [
      'linear, older key',
      { rope_scaling: { type: 'linear', factor: 2 } },
      10000,
      { type: 'linear', factor: 2 },
    ],
    ['linear', { rope_scaling: { rope_type: 'linear', factor: 2 } }, 10000, { type: 'linear', factor: 2 }],
    ['llama3', { rope_theta: 5e5, rope_scaling: { rope_type: 'llama3', ...llama3 } }, 5e5, llama3Scaling],
    ['default', { rope_scaling: { rope_type: 'default' } }, 10000, null],
    ['default, transformers 5', { rope_parameters: { rope_type: 'default', rope_theta: 1e6 } }, 1e6, null],
    [
      'llama3, transformers 5',
      { rope_parameters: { rope_type: 'llama3', rope_theta: 5e5, ...llama3 } },
      5e5,
      llama3Scaling,
    ],
  ])('reads rotary scaling: %s', (_, json, theta, scaling) => {
    expect(parse({ ...llama, ...json }).attentionKinds).toEqual([
      { rope: { theta, scaling }, slidingWindow: null },
    ]);
  });

  it.each(['dynamic', 'yarn', 'longrope'])('refuses rotary scaling of type %s by name', (type) => {
    expect(refusal({ ...llama, rope_scaling: { type, factor: 2 } })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining(`"${type}"`),
    });
  });

  it('refuses a rotary embedding of part of the head, or one that differs between layers', () => {
    expect(refusal({ ...llama, partial_rotary_factor: 0.5 })).toMatchObject({ code: 'CONFIG_UNSUPPORTED' });
    const nested = { rope_parameters: { full_attention: { rope_theta: 1e6 } } };
    expect(refusal({ ...qwen2, ...nested })).toMatchObject({ code: 'CONFIG_UNSUPPORTED' });
  });

  const qwen3 = { model_type: 'qwen3', ...minimal };
  it('gives Qwen 3 heads of 128 and their norms, and biases of attention if it says so', () => {
    expect(parse({ ...qwen3, num_attention_heads: 32 })).toMatchObject({
      headDim: 128,
      names: { norms: { queryNorm: 'self_attn.q_norm', keyNorm: 'self_attn.k_norm' }, biased: [] },
    });
    expect(
      parse({ ...qwen3, num_key_value_heads: 2, attention_bias: true, mlp_bias: true }).names.biased,
    ).toEqual(['qProj', 'kProj', 'vProj', 'oProj']);
  });

  it('leaves SmolLM3’s queries and keys unrotated in every fourth layer, or where it says', () => {
    const smollm3 = { model_type: 'smollm3', ...minimal };
    const rotated = (json: unknown) => {
      const { attentionKinds, kindOfLayer } = parse(json);
      return kindOfLayer.map((kind) => attentionKinds[kind].rope !== null);
    };
    expect(rotated(smollm3)).toEqual([true, true, true, false]);
    expect(rotated({ ...smollm3, no_rope_layer_interval: 2 })).toEqual([true, false, true, false]);
    expect(rotated({ ...smollm3, no_rope_layers: [0, 1, 1, 0] })).toEqual([false, true, true, false]);
    expect(refusal({ ...smollm3, no_rope_layers: [0, 1] })).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(parse(smollm3)).toMatchObject({ tieWordEmbeddings: true, numKeyValueHeads: 4 });
    const sliding = { ...smollm3, use_sliding_window: true, sliding_window: 64 };
    expect(windows(sliding)).toEqual([null, null, null, 64]);
  });

  const factors = { short_factor: [1, 1, 2, 2], long_factor: [1, 2, 4, 8] };
  it.each(['longrope', 'su', 'yarn'])('reads Phi-3’s LongRoPE, called %s', (type) => {
    const phi3 = { model_type: 'phi3', ...minimal, max_position_embeddings: 16384 };
    const config = parse({ ...phi3, rope_scaling: { type, ...factors } });
    expect(config.attentionKinds).toEqual([
      {
        rope: {
          theta: 10000,
          scaling: {
            type: 'longrope',
            shortFactor: [1, 1, 2, 2],
            longFactor: [1, 2, 4, 8],
            originalMaxPositionEmbeddings: 4096,
            attentionFactor: Math.sqrt(1 + Math.log(4) / Math.log(4096)),
          },
        },
        slidingWindow: null,
      },
    ]);
    expect(Object.keys(config.names.linears)).toEqual(['qkvProj', 'oProj', 'gateUpProj', 'downProj']);
    const wrong = { type, short_factor: [1], long_factor: [1] };
    expect(refusal({ ...phi3, rope_scaling: wrong })).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('rotates part of the head for Phi-4-mini', () => {
    const phi4 = { model_type: 'phi3', ...minimal };
    expect(parse({ ...phi4, partial_rotary_factor: 0.75 })).toMatchObject({ headDim: 8, rotaryDim: 6 });
    const newer = { rope_parameters: { rope_theta: 1e4, rope_type: 'default', partial_rotary_factor: 0.5 } };
    expect(parse({ ...phi4, ...newer }).rotaryDim).toBe(4);
    expect(refusal({ ...phi4, partial_rotary_factor: 0.7 })).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('knows Gemma 2’s defaults, and that null caps are none', () => {
    const gemma2 = { model_type: 'gemma2', ...minimal };
    expect(parse(gemma2)).toMatchObject({
      headDim: 256,
      numKeyValueHeads: 4,
      norm: { kind: 'rms', eps: 1e-6, offset: 1 },
      embeddingScale: 8,
      attentionScale: 1 / 16,
      attentionSoftcap: 50,
      logitSoftcap: 30,
      tieWordEmbeddings: true,
      activation: 'gelu-tanh',
    });
    expect(windows(gemma2)).toEqual([4096, null, 4096, null]);
    const uncapped = parse({ ...gemma2, attn_logit_softcapping: null, final_logit_softcapping: null });
    expect(uncapped).toMatchObject({ attentionSoftcap: null, logitSoftcap: null });
    expect(refusal({ ...gemma2, use_bidirectional_attention: true })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
    });
    expect(refusal({ ...gemma2, hidden_activation: 'gelu' })).toMatchObject({ code: 'CONFIG_UNSUPPORTED' });
  });

  it('gives Gemma 3 two rotary embeddings, whichever version of transformers wrote them', () => {
    const gemma3 = { model_type: 'gemma3_text', ...minimal, sliding_window: 512, sliding_window_pattern: 4 };
    const kinds = (full: object, near: object) => [
      { rope: near, slidingWindow: 512 },
      { rope: full, slidingWindow: null },
    ];
    const plain = { theta: 1e6, scaling: null };
    const nearby = { theta: 1e4, scaling: null };
    expect(parse(gemma3)).toMatchObject({
      attentionKinds: kinds(plain, nearby),
      kindOfLayer: [0, 0, 0, 1],
      attentionSoftcap: null,
    });
    const scaled = { theta: 2e6, scaling: { type: 'linear', factor: 8 } };
    const older = {
      rope_theta: 2e6,
      rope_local_base_freq: 5e3,
      rope_scaling: { rope_type: 'linear', factor: 8 },
    };
    const newer = {
      rope_parameters: {
        full_attention: { rope_type: 'linear', factor: 8, rope_theta: 2e6 },
        sliding_attention: { rope_type: 'default', rope_theta: 5e3 },
      },
    };
    for (const json of [older, newer])
      expect(parse({ ...gemma3, ...json }).attentionKinds).toEqual(
        kinds(scaled, { theta: 5e3, scaling: null }),
      );
    expect(
      refusal({ ...gemma3, model_type: 'gemma3', architectures: ['Gemma3ForConditionalGeneration'] }),
    ).toMatchObject({
      code: 'CONFIG_UNSUPPORTED_ARCHITECTURE',
    });
  });

  it('reads BLOOM’s sizes by either of their names', () => {
    const sizes = {
      hiddenSize: 64,
      intermediateSize: 256,
      numHiddenLayers: 3,
      numAttentionHeads: 4,
      headDim: 16,
    };
    const older = { n_embed: 64, num_hidden_layers: 3, num_attention_heads: 4 };
    const newer = { hidden_size: 64, n_layer: 3, n_head: 4 };
    const bloom = { model_type: 'bloom', vocab_size: 100 };
    for (const json of [older, newer])
      expect(parse({ ...bloom, ...json })).toMatchObject({
        ...sizes,
        alibi: true,
        norm: { kind: 'layer', eps: 1e-5 },
      });
    expect(refusal({ ...bloom, n_layer: 3, n_head: 4 })).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(refusal({ ...bloom, ...newer, n_head: 5 })).toMatchObject({ code: 'CONFIG_INVALID' });
    const post = { apply_residual_connection_post_layernorm: true };
    expect(refusal({ ...bloom, ...newer, ...post })).toMatchObject({ code: 'CONFIG_UNSUPPORTED' });
  });

  it('refuses an unknown architecture and lists the supported ones', () => {
    const gpt2 = { code: 'CONFIG_UNSUPPORTED_ARCHITECTURE', message: expect.stringContaining('gpt2') };
    expect(refusal({ ...minimal, model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] })).toMatchObject({
      ...gpt2,
      fix: expect.stringMatching(/llama.*mistral.*qwen2.*qwen3.*smollm3.*phi3.*gemma2.*gemma3_text.*bloom/),
    });
    expect(refusal({ ...llama, architectures: ['LlamaForSequenceClassification'] })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED_ARCHITECTURE',
      message: expect.stringContaining('LlamaForSequenceClassification'),
    });
  });

  it('refuses another activation, and quantised weights', () => {
    expect(refusal({ ...llama, hidden_act: 'gelu' })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining('gelu'),
    });
    expect(refusal({ ...llama, quantization_config: { quant_method: 'gptq' } })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining('quanti'),
    });
  });

  it.each([
    ['not an object', []],
    ['no model_type', minimal],
    ['a missing size', { ...llama, hidden_size: undefined }],
    ['a size as text', { ...llama, hidden_size: '64' }],
    ['a fractional size', { ...llama, vocab_size: 1.5 }],
    ['a negative size', { ...llama, num_hidden_layers: -1 }],
    ['heads that do not divide the hidden size', { ...llama, num_attention_heads: 7 }],
    ['an odd head dimension', { ...llama, head_dim: 7 }],
    ['key-value heads that do not divide the heads', { ...llama, num_key_value_heads: 3 }],
    ['llama3 scaling without its factors', { ...llama, rope_scaling: { rope_type: 'llama3', factor: 8 } }],
    [
      'llama3 scaling with equal factors',
      { ...llama, rope_scaling: { rope_type: 'llama3', ...llama3, low_freq_factor: 4 } },
    ],
    ['linear scaling without a factor', { ...llama, rope_scaling: { type: 'linear' } }],
  ])('refuses %s, naming the file', (_, json) => {
    expect(refusal(json)).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(FILE) });
  });
});

it.each([
  ['model.layers.3.self_attn.q_proj.weight', 'qProj'],
  ['model.layers.12.mlp.gate_up_proj.weight', 'gateUpProj'],
  ['h.0.self_attention.query_key_value.weight', 'qkvProj'],
  ['transformer.h.0.mlp.dense_h_to_4h.weight', 'upProj'],
  ['model.layers.3.self_attn.q_proj.bias', null],
  ['model.layers.3.input_layernorm.weight', null],
  ['lm_head.weight', null],
])('linearNamed knows what %s is', (name, linear) => {
  expect(linearNamed(name)).toBe(linear);
});
