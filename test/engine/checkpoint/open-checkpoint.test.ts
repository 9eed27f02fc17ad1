import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { refusal } from './refusal.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type TinyCheckpointOptions, type TinyTensor, writeTinyCheckpoint } from './tiny-checkpoint.ts';

const folder = temporaryFolder();
let count = 0;
const tiny = (options?: TinyCheckpointOptions) =>
  writeTinyCheckpoint(join(folder, `model-${count++}`), options);

/** The refusal of a tiny checkpoint made with these options and then spoiled. */
async function refusalOf(options: TinyCheckpointOptions, spoil?: (dir: string) => Promise<unknown>) {
  const { dir } = await tiny(options);
  await spoil?.(dir);
  return refusal(openCheckpoint(dir));
}

const UP = 'model.layers.1.mlp.up_proj.weight';
const setValue = (name: string, index: number, value: number) => (tensors: Map<string, TinyTensor>) => {
  (tensors.get(name) as TinyTensor).values[index] = value;
};

describe('openCheckpoint', () => {
  it.each([
    ['F32', 1],
    ['F16', 3],
    ['BF16', 2],
  ] as const)('reads every tensor of a %s model in %i file(s)', async (dtype, shards) => {
    const { dir, tensors, files } = await tiny({ dtype, shards });
    const checkpoint = await openCheckpoint(dir);
    expect([...checkpoint.tensors.keys()]).toEqual([...tensors.keys()]);
    expect(new Set([...checkpoint.tensors.values()].map(({ file }) => file))).toEqual(new Set(files));
    for (const [name, tensor] of tensors) {
      expect(checkpoint.tensors.get(name)).toMatchObject({ dtype, shape: tensor.shape });
      expect(await checkpoint.readFloat32(name)).toEqual(tensor.values);
    }
    await checkpoint.close();
  });

  it('reads a range of a tensor', async () => {
    const { dir, tensors } = await tiny({ dtype: 'BF16' });
    const checkpoint = await openCheckpoint(dir);
    const values = await checkpoint.readFloat32(UP, { first: 16, count: 5 });
    expect(values).toEqual(tensors.get(UP)?.values.slice(16, 21));
    await expect(checkpoint.readRaw(UP, { first: 24 * 16 - 1, count: 2 })).rejects.toThrow(RangeError);
    await checkpoint.close();
  });

  it('keeps tensors beyond those that the config calls for', async () => {
    const extra: TinyTensor = { dtype: 'F32', shape: [2], values: Float32Array.of(1, 2) };
    const { dir } = await tiny({ edit: (tensors) => tensors.set('rotary_emb.inv_freq', extra) });
    const checkpoint = await openCheckpoint(dir);
    expect(await checkpoint.readFloat32('rotary_emb.inv_freq')).toEqual(extra.values);
    await checkpoint.close();
  });

  it.each([
    ['tied embeddings', { tie_word_embeddings: true }],
    ["Qwen2's biases", { model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'] }],
    ['all biases', { attention_bias: true, mlp_bias: true }],
    ['a head dimension of its own', { head_dim: 8 }],
    ['Mistral', { model_type: 'mistral', architectures: ['MistralForCausalLM'], sliding_window: 16 }],
  ])('opens a model with %s', async (_, config) => {
    const { dir, tensors } = await tiny({ config });
    const checkpoint = await openCheckpoint(dir);
    expect(checkpoint.tensors.size).toBe(tensors.size);
    await checkpoint.close();
  });

  it('follows links to weight files, as in the Hugging Face cache', async () => {
    const { dir } = await tiny();
    await rename(join(dir, 'model.safetensors'), join(folder, 'blob'));
    await symlink(join(folder, 'blob'), join(dir, 'model.safetensors'));
    await (await openCheckpoint(dir)).close();
  });

  it('never writes in the folder', async () => {
    const { dir } = await tiny();
    const before = await readdir(dir);
    const checkpoint = await openCheckpoint(dir);
    await checkpoint.readRaw(UP);
    await checkpoint.close();
    expect(await readdir(dir)).toEqual(before);
  });
});

describe('openCheckpoint refuses', () => {
  it('a folder that is not there, or is a file', async () => {
    expect(await refusal(openCheckpoint(join(folder, 'nowhere')))).toMatchObject({
      code: 'CHECKPOINT_NOT_FOUND',
      message: expect.stringContaining('nowhere'),
    });
    const { dir } = await tiny();
    expect(await refusal(openCheckpoint(join(dir, 'config.json')))).toMatchObject({
      code: 'CHECKPOINT_NOT_A_FOLDER',
    });
  });

  it('a folder without config.json, or with one that is not JSON', async () => {
    expect(await refusalOf({}, (dir) => rm(join(dir, 'config.json')))).toMatchObject({
      code: 'CHECKPOINT_MISSING_CONFIG',
    });
    expect(await refusalOf({}, (dir) => writeFile(join(dir, 'config.json'), '{'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('config.json'),
    });
  });

  it('a missing shard, by name', async () => {
    const missing = 'model-00002-of-00003.safetensors';
    expect(await refusalOf({ shards: 3 }, (dir) => rm(join(dir, missing)))).toMatchObject({
      code: 'CHECKPOINT_MISSING_SHARD',
      message: expect.stringContaining(missing),
    });
  });

  it('a shard whose link leads nowhere', async () => {
    const error = await refusalOf({}, async (dir) => {
      await rm(join(dir, 'model.safetensors'));
      await symlink('nowhere', join(dir, 'model.safetensors'));
    });
    expect(error).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('model.safetensors'),
    });
  });

  it.each(['pytorch_model.bin', 'consolidated.00.pth', 'model.pt'])(
    'a pickle checkpoint (%s)',
    async (name) => {
      const error = await refusalOf({}, (dir) => rename(join(dir, 'model.safetensors'), join(dir, name)));
      expect(error).toMatchObject({
        code: 'CHECKPOINT_PICKLE',
        message: expect.stringContaining(name),
        fix: expect.stringContaining('safe_serialization'),
      });
    },
  );

  it('a folder without weights', async () => {
    expect(await refusalOf({}, (dir) => rm(join(dir, 'model.safetensors')))).toMatchObject({
      code: 'CHECKPOINT_MISSING_WEIGHTS',
    });
    const noIndex = await refusalOf({ shards: 2 }, (dir) => rm(join(dir, 'model.safetensors.index.json')));
    expect(noIndex).toMatchObject({
      code: 'CHECKPOINT_MISSING_WEIGHTS',
      message: expect.stringContaining('index'),
    });
  });

  it.each([
    '../secret.safetensors',
    '/etc/secret.safetensors',
    'a\\b.safetensors',
    'C:x.safetensors',
    '..',
    'x.bin',
  ])('an index that names %s', async (file) => {
    const error = await refusalOf({ shards: 2 }, async (dir) => {
      await writeFile(join(folder, 'secret.safetensors'), 'secret');
      await writeFile(
        join(dir, 'model.safetensors.index.json'),
        JSON.stringify({ weight_map: { 'model.norm.weight': file } }),
      );
    });
    expect(error).toMatchObject({
      code: 'CHECKPOINT_UNSAFE_INDEX',
      message: expect.stringContaining('index.json'),
    });
  });

  it('an index that is not one', async () => {
    const index = 'model.safetensors.index.json';
    expect(
      await refusalOf({ shards: 2 }, (dir) => writeFile(join(dir, index), '{"weight_map":[]}')),
    ).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(index),
    });
  });

  it('an index that promises a tensor in the wrong file', async () => {
    const error = await refusalOf({ shards: 2 }, async (dir) => {
      const path = join(dir, 'model.safetensors.index.json');
      const index = JSON.parse(await readFile(path, 'utf8'));
      index.weight_map['lm_head.weight'] = 'model-00001-of-00002.safetensors';
      await writeFile(path, JSON.stringify(index));
    });
    expect(error).toMatchObject({
      code: 'CHECKPOINT_MISSING_TENSOR',
      message: expect.stringMatching(/00001-of-00002.*lm_head/),
    });
  });

  it('a tensor that is in two shards', async () => {
    const { files, dir } = await tiny({ shards: 2 });
    await writeFile(join(dir, files[1]), await readFile(join(dir, files[0])));
    await writeFile(
      join(dir, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { 'model.embed_tokens.weight': files[0], [UP]: files[1] } }),
    );
    expect(await refusal(openCheckpoint(dir))).toMatchObject({ code: 'CHECKPOINT_DUPLICATE_TENSOR' });
  });

  it.each([
    [UP, {}],
    ['lm_head.weight', {}],
    ['model.layers.0.self_attn.k_proj.bias', { model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'] }],
  ])('a model without %s', async (name, config) => {
    const error = await refusalOf({ config, edit: (tensors) => tensors.delete(name) });
    expect(error).toMatchObject({
      code: 'CHECKPOINT_MISSING_TENSOR',
      message: expect.stringContaining(name),
    });
  });

  it('a config that claims a million layers', async () => {
    const { dir, config } = await tiny();
    await writeFile(join(dir, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 1e6 }));
    expect(await refusal(openCheckpoint(dir))).toMatchObject({ code: 'CHECKPOINT_MISSING_TENSOR' });
  });

  it('a tensor of another shape than the config says', async () => {
    const transpose = (tensors: Map<string, TinyTensor>) => tensors.get(UP)?.shape.reverse();
    const error = await refusalOf({ edit: transpose });
    expect(error).toMatchObject({
      code: 'CHECKPOINT_WRONG_SHAPE',
      message: expect.stringMatching(/up_proj.*\[16, 24\].*\[24, 16\]/),
    });
  });

  it('a truncated weight file', async () => {
    const { dir, files } = await tiny();
    const path = join(dir, files[0]);
    await truncate(path, (await readFile(path)).length - 1);
    expect(await refusal(openCheckpoint(dir))).toMatchObject({ code: 'SAFETENSORS_TRUNCATED' });
  });

  it('weights stored as integers', async () => {
    const error = await refusalOf({}, async (dir) => {
      const path = join(dir, 'model.safetensors');
      const bytes = await readFile(path);
      await writeFile(path, Buffer.from(bytes.toString('latin1').replaceAll('"F32"', '"I32"'), 'latin1'));
    });
    expect(error).toMatchObject({ code: 'SAFETENSORS_DTYPE', message: expect.stringContaining('I32') });
  });

  it('a tied head that differs from the embedding, but not one that equals it', async () => {
    const addHead = (change: number) => (tensors: Map<string, TinyTensor>) => {
      const embedding = tensors.get('model.embed_tokens.weight') as TinyTensor;
      const values = embedding.values.slice();
      values[values.length - 1] += change;
      tensors.set('lm_head.weight', { ...embedding, values });
    };
    const config = { tie_word_embeddings: true };
    expect(await refusalOf({ config, edit: addHead(1) })).toMatchObject({
      code: 'CHECKPOINT_AMBIGUOUS_HEAD',
    });
    const { dir } = await tiny({ config, edit: addHead(0) });
    await (await openCheckpoint(dir)).close();
  });

  it('leaves no file open when it refuses', async () => {
    if (!existsSync('/proc/self/fd')) return;
    const { dir } = await tiny({ shards: 3, edit: (tensors) => tensors.delete('lm_head.weight') });
    const before = (await readdir('/proc/self/fd')).length;
    for (let i = 0; i < 5; i++) await refusal(openCheckpoint(dir));
    expect((await readdir('/proc/self/fd')).length).toBeLessThanOrEqual(before);
  });
});

describe('reading a tensor', () => {
  it.each([NaN, Infinity, -Infinity])('refuses %s, naming tensor, count and index', async (value) => {
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const { dir } = await tiny({ dtype, edit: setValue(UP, 37, value) });
      const checkpoint = await openCheckpoint(dir);
      expect(await refusal(checkpoint.readFloat32(UP))).toMatchObject({
        code: 'CHECKPOINT_NOT_FINITE',
        message: expect.stringMatching(new RegExp(`${UP} holds 1 .*${value}.* index 37`)),
      });
      expect(await refusal(checkpoint.readFloat32(UP, { first: 30, count: 10 }))).toMatchObject({
        message: expect.stringContaining('index 37'),
      });
      await checkpoint.close();
    }
  });

  it('widens a large tensor in parts to the same values, and finds what is broken in its last', async () => {
    const name = 'model.embed_tokens.weight';
    const large = { config: { vocab_size: 2 ** 18 + 3, tie_word_embeddings: true }, dtype: 'BF16' } as const;
    const { dir, tensors } = await tiny(large);
    const checkpoint = await openCheckpoint(dir);
    const values = await checkpoint.readFloat32(name);
    expect(Buffer.compare(Buffer.from(values.buffer), bytesOf(tensors.get(name)?.values))).toBe(0);
    await checkpoint.close();

    const broken = await tiny({ ...large, edit: setValue(name, 2 ** 22 + 5, NaN) });
    const other = await openCheckpoint(broken.dir);
    expect(await refusal(other.readFloat32(name))).toMatchObject({
      message: expect.stringContaining(`index ${2 ** 22 + 5}`),
    });
    await other.close();
  });

  it('refuses a file that shrank since it was opened', async () => {
    const { dir, files } = await tiny();
    const checkpoint = await openCheckpoint(dir);
    await truncate(join(dir, files[0]), 4096);
    expect(await refusal(checkpoint.readRaw('lm_head.weight'))).toMatchObject({
      code: 'SAFETENSORS_TRUNCATED',
    });
    await checkpoint.close();
  });

  it('refuses a name that is not there, and any name after close', async () => {
    const { dir } = await tiny();
    const checkpoint = await openCheckpoint(dir);
    expect(await refusal(checkpoint.readRaw('nothing'))).toMatchObject({ code: 'CHECKPOINT_MISSING_TENSOR' });
    await checkpoint.close();
    await checkpoint.close();
    await expect(checkpoint.readRaw(UP)).rejects.toThrow('closed');
  });
});

const bytesOf = (values = new Float32Array()): Buffer => Buffer.from(values.buffer);
