import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import type { Progress } from '../../../src/contract/progress.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { type ExportRequest, exportPruned } from '../../../src/engine/export/export-pruned.ts';
import { zerosIn } from '../../../src/engine/pruning/mask.ts';
import { mountSmallDisk } from '../checkpoint/full-disk.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import {
  encode,
  type TinyCheckpointOptions,
  type TinyTensor,
  writeTinyCheckpoint,
} from '../checkpoint/tiny-checkpoint.ts';
import { isKept, maskFor } from './half-mask.ts';

const folder = temporaryFolder();
const smallDisk = mountSmallDisk(join(folder, 'small-disk'), 128);
let count = 0;

/** A fresh folder with a tiny `model` in it, and what exports it to `out` beside it. */
async function workspace(options?: TinyCheckpointOptions) {
  const dir = join(folder, `case-${count++}`);
  const model = await writeTinyCheckpoint(join(dir, 'model'), options);
  const out = join(dir, 'out');
  const run = async (changes: Partial<ExportRequest> = {}) => {
    const checkpoint = await openCheckpoint(model.dir);
    try {
      return await exportPruned({
        checkpoint,
        outDir: out,
        maskOf: async (name) => maskFor(name, model.tensors.get(name)?.shape ?? []),
        record: { seed: 7 },
        force: false,
        ...changes,
      });
    } finally {
      await checkpoint.close();
    }
  };
  return { dir, model, out, run };
}

const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
const isLinear = (name: string) => name.endsWith('_proj.weight');

describe('exportPruned', () => {
  it.each([
    ['F32', 1],
    ['F16', 3],
    ['BF16', 2],
  ] as const)(
    'writes a %s model in %i file(s): masked weights +0.0, every other byte as it was',
    async (dtype, shards) => {
      // Negative zeros: a pruned one must lose its sign, a kept one must not.
      const edit = (tensors: Map<string, TinyTensor>) =>
        tensors.get('model.layers.0.mlp.up_proj.weight')?.values.fill(-0, 0, 40);
      const { model, out, run } = await workspace({ dtype, shards, edit });
      await run();

      for (const file of model.files) {
        const [source, output] = [await readFile(join(model.dir, file)), await readFile(join(out, file))];
        const expected = Buffer.from(source);
        const checkpoint = await openCheckpoint(model.dir);
        for (const entry of checkpoint.tensors.values()) {
          if (entry.file !== file || !isLinear(entry.name)) continue;
          const bytes = dtype === 'F32' ? 4 : 2;
          for (let i = 0; i < (entry.end - entry.begin) / bytes; i++) {
            if (!isKept(entry.name, i))
              expected.fill(0, entry.begin + i * bytes, entry.begin + (i + 1) * bytes);
          }
        }
        await checkpoint.close();
        expect(output.equals(expected)).toBe(true);
        expect(output.equals(source)).toBe(false);
      }
    },
  );

  it('writes a folder that opens, with the source values where they are kept', async () => {
    const { model, out, run } = await workspace({ dtype: 'BF16', shards: 2 });
    await run();
    const exported = await openCheckpoint(out);
    for (const [name, { values }] of model.tensors) {
      const expected = isLinear(name) ? values.map((value, i) => (isKept(name, i) ? value : 0)) : values;
      expect(await exported.readFloat32(name)).toEqual(expected);
    }
    await exported.close();
  });

  it('asks for masks of the linear layers only, and keeps what has none', async () => {
    const { model, out, run } = await workspace({ config: { attention_bias: true } });
    const asked = new Set<string>();
    const report = await run({
      maskOf: async (name) => {
        asked.add(name);
        return null;
      },
    });
    expect([...asked].sort()).toEqual([...model.tensors.keys()].filter(isLinear).sort());
    expect(await sha256(join(out, model.files[0]))).toBe(await sha256(join(model.dir, model.files[0])));
    expect(report).toMatchObject({ matrices: {}, size: 0, zeros: 0 });
  });

  it('records the run, the sparsity of each matrix and the hashes of each weight file', async () => {
    const { model, out, run } = await workspace({ shards: 2 });
    const report = await run();
    const record = JSON.parse(await readFile(join(out, 'dpruner.json'), 'utf8'));
    expect(record).toEqual({ seed: 7, matrices: report.matrices, weightFiles: report.weightFiles });

    expect(Object.keys(record.matrices)).toEqual(
      [...Array(2).keys()].flatMap((layer) =>
        ['self_attn.q', 'self_attn.k', 'self_attn.v', 'self_attn.o', 'mlp.gate', 'mlp.up', 'mlp.down'].map(
          (module) => `model.layers.${layer}.${module}_proj.weight`,
        ),
      ),
    );
    for (const [name, { size, zeros }] of Object.entries(report.matrices)) {
      const { shape } = model.tensors.get(name) as TinyTensor;
      expect({ size, zeros }).toEqual({ size: shape[0] * shape[1], zeros: zerosIn(maskFor(name, shape)) });
    }
    for (const file of model.files) {
      expect(record.weightFiles[file]).toEqual({
        bytes: (await readFile(join(out, file))).length,
        sourceSha256: await sha256(join(model.dir, file)),
        sha256: await sha256(join(out, file)),
      });
    }
  });

  it('counts kept weights that were zero before', async () => {
    const name = 'model.layers.1.mlp.down_proj.weight';
    const { run } = await workspace({ edit: (tensors) => tensors.get(name)?.values.fill(-0) });
    const report = await run();
    expect(report.matrices[name]).toEqual({ size: 384, zeros: 384 });
  });

  it('copies what belongs to the model, byte for byte, and no other weights, pickles or hidden files', async () => {
    const { model, out, run } = await workspace({ shards: 2 });
    const put = (name: string) => writeFile(join(model.dir, name), `content of ${name}`);
    for (const name of ['LICENSE', 'tokenizer.model', 'chat_template.jinja', 'merges.txt']) await put(name);
    for (const name of ['pytorch_model.bin', 'pytorch_model.bin.index.json', 'training_args.bin', 'a.pth'])
      await put(name);
    for (const name of ['consolidated.safetensors', 'model.gguf', '.gitattributes', 'dpruner.json'])
      await put(name);
    await mkdir(join(model.dir, 'onnx'));
    await put('onnx/config.json');
    await mkdir(join(model.dir, 'additional_chat_templates'));
    await put('additional_chat_templates/tools.jinja');
    await run();

    const copied = [
      'LICENSE',
      'README.md',
      'additional_chat_templates/tools.jinja',
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'merges.txt',
      'model.safetensors.index.json',
      'tokenizer.json',
      'tokenizer.model',
      'tokenizer_config.json',
    ];
    const present = (await readdir(out, { recursive: true })).filter(
      (name) => name !== 'additional_chat_templates',
    );
    const written = ['dpruner.json', 'README.original.md'];
    expect(present.sort()).toEqual([...copied, ...model.files, ...written].sort());
    for (const name of copied.filter((name) => name !== 'README.md')) {
      expect(await readFile(join(out, name))).toEqual(await readFile(join(model.dir, name)));
    }
  });

  it('gives the pruned model a card of its own, under the licence of the original, whose card stays beside it', async () => {
    const { model, out, run } = await workspace();
    const card = '---\nlicense: apache-2.0\n---\n# Tiny\nThe best model.\n';
    await writeFile(join(model.dir, 'README.md'), card);
    const { size, zeros } = await run();
    expect(await readFile(join(out, 'README.original.md'), 'utf8')).toBe(card);
    const own = await readFile(join(out, 'README.md'), 'utf8');
    expect(own).toMatch(/^---\nlicense: apache-2\.0\n---\n\n# /);
    expect(own).toContain(`${zeros.toLocaleString('en')} of ${size.toLocaleString('en')} prunable weights`);
    expect(own).toContain('neither smaller nor faster');
    expect(own).not.toContain('The best model.');
  });

  it('leaves out the index of other shards beside a single file', async () => {
    const { model, out, run } = await workspace();
    await writeFile(join(model.dir, 'model.safetensors.index.json'), '{"weight_map":{}}');
    await run();
    expect(existsSync(join(out, 'model.safetensors.index.json'))).toBe(false);
  });

  it('copies from the Hugging Face cache, whose files are links to blobs', async () => {
    const { dir, model, out } = await workspace();
    const snapshot = join(dir, 'cache', 'snapshots', 'abc');
    const blobs = join(dir, 'cache', 'blobs');
    await mkdir(snapshot, { recursive: true });
    await rename(model.dir, blobs);
    for (const name of await readdir(blobs))
      await symlink(join('..', '..', 'blobs', name), join(snapshot, name));
    const checkpoint = await openCheckpoint(snapshot);
    await exportPruned({ checkpoint, outDir: out, maskOf: async () => null, record: {}, force: false });
    await checkpoint.close();
    expect(await readFile(join(out, 'tokenizer.json'))).toEqual(
      await readFile(join(blobs, 'tokenizer.json')),
    );
    expect(await sha256(join(out, 'model.safetensors'))).toBe(await sha256(join(blobs, 'model.safetensors')));
  });

  it('refuses a link that would carry another file of the machine into the export', async () => {
    const { dir, model, run } = await workspace();
    await writeFile(join(dir, 'secret'), 'secret');
    await symlink('../secret', join(model.dir, 'notes.txt'));
    expect(await refusal(run())).toMatchObject({
      code: 'EXPORT_LINK_OUTSIDE',
      message: expect.stringContaining('notes.txt'),
    });
    expect(await readdir(dir)).toEqual(['model', 'secret']);
  });

  it('never writes in the source folder', async () => {
    const { model, run } = await workspace({ shards: 2 });
    const snapshot = async () =>
      Promise.all(
        (await readdir(model.dir)).map(async (name) => [name, await sha256(join(model.dir, name))]),
      );
    const before = await snapshot();
    await run();
    expect(await snapshot()).toEqual(before);
  });

  it('reports each file written and verified', async () => {
    const { run } = await workspace({ shards: 2 });
    const events: Progress[] = [];
    await run({ onProgress: (progress) => events.push(progress) });
    expect(events.map(({ stage, done, total }) => [stage, done, total])).toEqual([
      ['export', 1, 2],
      ['export', 2, 2],
      ['verify', 1, 2],
      ['verify', 2, 2],
    ]);
    expect(events.at(-1)?.remainingMs).toBe(0);
  });

  it('lets the caller verify the folder before it has its name', async () => {
    const { out, run } = await workspace();
    const seen: unknown[] = [];
    await run({
      verify: async (exportedDir) => {
        seen.push(existsSync(out), exportedDir !== out, existsSync(join(exportedDir, 'dpruner.json')));
      },
    });
    expect(seen).toEqual([false, true, true]);
  });
});

describe('a failed export leaves nothing', () => {
  const failing = () => Promise.reject(new Error('out of luck'));

  it.each<[string, Partial<ExportRequest>]>([
    ['the caller refuses it', { verify: failing }],
    ['a mask cannot be made', { maskOf: failing }],
    ['a mask has another shape', { maskOf: async () => ({ rows: 1, columns: 8, bits: Uint8Array.of(1) }) }],
  ])('when %s', async (_, changes) => {
    const { dir, run } = await workspace();
    await expect(run(changes)).rejects.toThrow();
    expect(await readdir(dir)).toEqual(['model']);
  });

  it('when the second asking for a mask gives another one', async () => {
    const { dir, model, run } = await workspace();
    let asked = 0;
    const maskOf = async (name: string) => {
      const mask = maskFor(name, model.tensors.get(name)?.shape ?? []);
      if (asked++ === 20) mask.bits[0] ^= 1;
      return mask;
    };
    expect(await refusal(run({ maskOf }))).toMatchObject({ code: 'EXPORT_DIFFERS' });
    expect(await readdir(dir)).toEqual(['model']);
  });

  it.each(['export', 'verify'])('when it is stopped during %s', async (stage) => {
    const { dir, run } = await workspace({ shards: 3 });
    const controller = new AbortController();
    const onProgress = (progress: Progress) => {
      if (progress.stage === stage) controller.abort();
    };
    await expect(run({ onProgress, signal: controller.signal })).rejects.toBeInstanceOf(Interrupted);
    expect(await readdir(dir)).toEqual(['model']);
  });

  it.skipIf(!smallDisk)('when there is too little space, which it says beforehand', async () => {
    const { run } = await workspace({ config: { vocab_size: 2000 } });
    const error = await refusal(run({ outDir: join(smallDisk as string, 'out') }));
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/needs 0\.3 MB.*0\.1 MB/),
    });
    expect(await readdir(smallDisk as string)).toEqual([]);
  });

  it.skipIf(!smallDisk)('when the disk fills up while it writes', async () => {
    const { model, run } = await workspace();
    const outDir = join(smallDisk as string, 'out');
    const filler = join(smallDisk as string, 'filler');
    const maskOf = async (name: string) => {
      await writeFile(filler, Buffer.alloc(1 << 20)).catch(() => {});
      return maskFor(name, model.tensors.get(name)?.shape ?? []);
    };
    expect(await refusal(run({ outDir, maskOf }))).toMatchObject({ code: 'DISK_FULL' });
    expect(await readdir(smallDisk as string)).toEqual(['filler']);
  });

  it('when the source shrinks under it', async () => {
    const { dir, model, run } = await workspace();
    const maskOf = async () => {
      await writeFile(join(model.dir, model.files[0]), encode(new Float32Array(16), 'F32'));
      return null;
    };
    expect(await refusal(run({ maskOf }))).toMatchObject({ code: 'SAFETENSORS_TRUNCATED' });
    expect(await readdir(dir)).toEqual(['model']);
  });
});
