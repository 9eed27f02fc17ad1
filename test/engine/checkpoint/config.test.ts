import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '../../../src/engine/checkpoint/config.ts';

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
      rmsNormEps: 1e-6,
      ropeTheta: 10000,
      ropeScaling: null,
      maxPositionEmbeddings: 2048,
      slidingWindow: null,
      tieWordEmbeddings: false,
      qkvBias: false,
      outputBias: false,
      mlpBias: false,
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
      rmsNormEps: 1e-5,
      ropeTheta: 5e5,
      tieWordEmbeddings: true,
      qkvBias: true,
      outputBias: true,
      mlpBias: true,
      maxPositionEmbeddings: 512,
    });
  });

  it('treats null as "not given" for head counts, head_dim and scaling', () => {
    const config = parse({ ...mistral, num_key_value_heads: null, head_dim: null, rope_scaling: null });
    expect(config).toMatchObject({ numKeyValueHeads: 8, headDim: 8, ropeScaling: null });
  });

  it("knows Mistral's defaults, and that a null sliding window is none", () => {
    expect(parse({ ...mistral, num_attention_heads: 16 })).toMatchObject({
      numKeyValueHeads: 8,
      slidingWindow: 4096,
      maxPositionEmbeddings: 131072,
    });
    expect(parse({ ...mistral, sliding_window: null }).slidingWindow).toBeNull();
    expect(parse({ ...mistral, sliding_window: 32 }).slidingWindow).toBe(32);
  });

  it('gives Qwen2 q/k/v biases and no other', () => {
    expect(parse({ ...qwen2, attention_bias: false })).toMatchObject({
      qkvBias: true,
      outputBias: false,
      mlpBias: false,
    });
  });

  it('slides in Qwen2 only when asked to, and only in all layers', () => {
    const window = { sliding_window: 32, max_window_layers: 0 };
    expect(parse({ ...qwen2, ...window }).slidingWindow).toBeNull();
    expect(parse({ ...qwen2, ...window, use_sliding_window: true }).slidingWindow).toBe(32);
    expect(
      parse({ ...qwen2, ...window, use_sliding_window: true, max_window_layers: 4 }).slidingWindow,
    ).toBeNull();
    const all = Array(4).fill('sliding_attention');
    expect(
      parse({ ...qwen2, sliding_window: 8, use_sliding_window: true, layer_types: all }).slidingWindow,
    ).toBe(8);
    expect(refusal({ ...qwen2, ...window, use_sliding_window: true, max_window_layers: 3 })).toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message: expect.stringContaining('1 of 4 layers'),
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
  ])('reads rotary scaling: %s', (_, json, ropeTheta, ropeScaling) => {
    expect(parse({ ...llama, ...json })).toMatchObject({ ropeTheta, ropeScaling });
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

  it('refuses an unknown architecture and lists the supported ones', () => {
    const gpt2 = { code: 'CONFIG_UNSUPPORTED_ARCHITECTURE', message: expect.stringContaining('gpt2') };
    expect(refusal({ ...minimal, model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] })).toMatchObject({
      ...gpt2,
      fix: expect.stringMatching(/llama.*mistral.*qwen2/),
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
