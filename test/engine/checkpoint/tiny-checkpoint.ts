import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightDtype } from '../../../src/engine/checkpoint/checkpoint.ts';

/** A tensor as stored: `values` are what its dtype can hold, so they compare exactly with what is read back. */
export interface TinyTensor {
  dtype: WeightDtype;
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

export interface TinyCheckpointOptions {
  /** Keys of config.json laid over the tiny LLaMA's; `undefined` removes a key. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly dtype?: WeightDtype;
  /** More than 1 writes `model-0000i-of-0000n.safetensors` and their index. */
  readonly shards?: number;
  readonly seed?: number;
  /** Changes the tensors before they are written: remove, add, reshape or spoil one. */
  readonly edit?: (tensors: Map<string, TinyTensor>) => void;
}

export interface TinyCheckpoint {
  readonly dir: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: ReadonlyMap<string, TinyTensor>;
  /** The weight files' names, in order. */
  readonly files: readonly string[];
}

const TINY_LLAMA = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: 48,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  hidden_act: 'silu',
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  tie_word_embeddings: false,
  bos_token_id: 1,
  eos_token_id: 2,
};

/** Writes a random tiny LLaMA-family model as a Hugging Face folder; equal options give equal bytes. */
export async function writeTinyCheckpoint(
  dir: string,
  options: TinyCheckpointOptions = {},
): Promise<TinyCheckpoint> {
  const { dtype = 'F32', shards = 1, seed = 1 } = options;
  const torch_dtype = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype];
  const config = JSON.parse(JSON.stringify({ ...TINY_LLAMA, torch_dtype, ...options.config }));
  const tensors = randomTensors(config, dtype, seed);
  options.edit?.(tensors);

  await mkdir(dir, { recursive: true });
  const writeJson = (name: string, json: unknown) =>
    writeFile(join(dir, name), `${JSON.stringify(json, null, 2)}\n`);
  await writeJson('config.json', config);
  await writeJson('generation_config.json', { bos_token_id: 1, eos_token_id: 2 });
  await writeJson('tokenizer.json', tinyTokenizer(config.vocab_size));
  await writeJson('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast' });
  await writeFile(join(dir, 'README.md'), '# A tiny random model\n');

  const names = [...tensors.keys()];
  const number = (value: number) => String(value).padStart(5, '0');
  const files: string[] = [];
  const weightMap: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const file =
      shards === 1 ? 'model.safetensors' : `model-${number(shard + 1)}-of-${number(shards)}.safetensors`;
    const own = names.filter((_, index) => Math.floor((index * shards) / names.length) === shard);
    for (const name of own) weightMap[name] = file;
    await writeFile(
      join(dir, file),
      serialize(new Map(own.map((name) => [name, tensors.get(name) as TinyTensor]))),
    );
    files.push(file);
  }
  if (shards > 1) await writeJson('model.safetensors.index.json', { metadata: {}, weight_map: weightMap });
  return { dir, config, tensors, files };
}

/** The tensors as one safetensors file, in the order given. Independent of the writer under test. */
export function serialize(tensors: ReadonlyMap<string, TinyTensor>): Buffer<ArrayBuffer> {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const data = [...tensors].map(([name, { dtype, shape, values }]) => {
    const bytes = encode(values, dtype);
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
    return bytes;
  });
  return withHeader(JSON.stringify(header), Buffer.concat(data));
}

/** A safetensors file of any header text, padded to 8 bytes, and any data. */
export function withHeader(header: string, data: Uint8Array = new Uint8Array()): Buffer<ArrayBuffer> {
  const json = Buffer.from(header);
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, data]);
}

/** The values' bytes in a dtype; exact for the values of a TinyTensor of that dtype. */
export function encode(values: Float32Array<ArrayBuffer>, dtype: WeightDtype): Buffer<ArrayBuffer> {
  switch (dtype) {
    case 'F32':
      return Buffer.from(values.slice().buffer);
    case 'F16':
      return Buffer.from(new Float16Array(values).buffer);
    case 'BF16':
      return Buffer.from(
        new Uint16Array(new Uint32Array(values.slice().buffer).map((bits) => bits >>> 16)).buffer,
      );
  }
}

/** The nearest values that the dtype holds (for BF16 the next towards zero, which does as well for a test). */
export function representable(
  values: Float32Array<ArrayBuffer>,
  dtype: WeightDtype,
): Float32Array<ArrayBuffer> {
  switch (dtype) {
    case 'F32':
      return values;
    case 'F16':
      return new Float32Array(new Float16Array(values));
    case 'BF16':
      return new Float32Array(new Uint32Array(values.slice().buffer).map((bits) => bits & 0xffff0000).buffer);
  }
}

type Config = typeof TINY_LLAMA & { head_dim?: number; attention_bias?: boolean; mlp_bias?: boolean };

function randomTensors(config: Config, dtype: WeightDtype, seed: number): Map<string, TinyTensor> {
  const normal = seededNormal(seed);
  const tensors = new Map<string, TinyTensor>();
  const add = (name: string, shape: number[], mean: number, deviation: number) => {
    const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
    for (let i = 0; i < values.length; i++) values[i] = mean + deviation * normal();
    tensors.set(name, { dtype, shape, values: representable(values, dtype) });
  };
  const linear = (name: string, rows: number, columns: number, bias: boolean) => {
    add(`${name}.weight`, [rows, columns], 0, 1 / Math.sqrt(columns));
    if (bias) add(`${name}.bias`, [rows], 0, 0.1);
  };

  const { vocab_size: vocabulary, hidden_size: hidden, intermediate_size: intermediate } = config;
  const headDim = config.head_dim ?? hidden / config.num_attention_heads;
  const attention = config.num_attention_heads * headDim;
  const keyValue = (config.num_key_value_heads ?? config.num_attention_heads) * headDim;
  const outputBias = config.attention_bias ?? false;
  const qkvBias = config.model_type === 'qwen2' || outputBias;
  const mlpBias = config.mlp_bias ?? false;

  add('model.embed_tokens.weight', [vocabulary, hidden], 0, 1);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = `model.layers.${layer}`;
    add(`${prefix}.input_layernorm.weight`, [hidden], 1, 0.1);
    linear(`${prefix}.self_attn.q_proj`, attention, hidden, qkvBias);
    linear(`${prefix}.self_attn.k_proj`, keyValue, hidden, qkvBias);
    linear(`${prefix}.self_attn.v_proj`, keyValue, hidden, qkvBias);
    linear(`${prefix}.self_attn.o_proj`, hidden, attention, outputBias);
    add(`${prefix}.post_attention_layernorm.weight`, [hidden], 1, 0.1);
    linear(`${prefix}.mlp.gate_proj`, intermediate, hidden, mlpBias);
    linear(`${prefix}.mlp.up_proj`, intermediate, hidden, mlpBias);
    linear(`${prefix}.mlp.down_proj`, hidden, intermediate, mlpBias);
  }
  add('model.norm.weight', [hidden], 1, 0.1);
  if (!config.tie_word_embeddings) add('lm_head.weight', [vocabulary, hidden], 0, 1 / Math.sqrt(hidden));
  return tensors;
}

/** Standard normal numbers: Box-Muller over a 32-bit linear congruential generator. */
function seededNormal(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) uniform(); // small seeds start alike
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** One word a token (`w3` is id 3), after the unknown, start and end tokens. */
function tinyTokenizer(vocabulary: number): unknown {
  const special = ['<unk>', '<s>', '</s>'];
  const words = Array.from({ length: vocabulary }, (_, id) => special[id] ?? `w${id}`);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      unk_token: '<unk>',
    },
  };
}
