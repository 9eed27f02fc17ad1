import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TensorEntry } from '../../../src/engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { exportPruned } from '../../../src/engine/export/export-pruned.ts';
import { verifyExport } from '../../../src/engine/export/verify-export.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { serialize, type TinyTensor, writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';
import { isKept, maskFor } from './half-mask.ts';

const folder = temporaryFolder();
let count = 0;

const UP = 'model.layers.1.mlp.up_proj.weight';
const prunedOf = async ({ name, shape }: TensorEntry) =>
  name.endsWith('_proj.weight') ? { mask: maskFor(name, shape), updated: null } : null;
const firstIndex = (kept: boolean) => [...Array(384).keys()].findIndex((i) => isKept(UP, i) === kept);

/** Exports a tiny model, changes the export, and gives what the verification says. */
async function verifyAfter(change: (path: string, entry: (name: string) => TensorEntry) => Promise<unknown>) {
  const dir = join(folder, `case-${count++}`);
  const { dir: modelDir, tensors } = await writeTinyCheckpoint(join(dir, 'model'), { dtype: 'BF16' });
  const source = await openCheckpoint(modelDir);
  try {
    const { matrices } = await exportPruned({
      checkpoint: source,
      outDir: join(dir, 'out'),
      maskOf: async (name) => maskFor(name, tensors.get(name)?.shape ?? []),
      record: {},
      force: false,
    });
    await change(join(dir, 'out', 'model.safetensors'), (name) => source.tensors.get(name) as TensorEntry);
    await verifyExport(source, join(dir, 'out'), prunedOf, matrices, {});
  } finally {
    await source.close();
  }
}

/** Writes 16 bits at an element of a tensor. */
const poke =
  (name: string, index: number, bits: number) =>
  async (path: string, entry: (name: string) => TensorEntry) => {
    const bytes = await readFile(path);
    bytes.writeUInt16LE(bits, entry(name).begin + index * 2);
    await writeFile(path, bytes);
  };

describe('verifyExport', () => {
  it('accepts an export as it was written', async () => {
    await verifyAfter(async () => {});
  });

  it.each<[string, Parameters<typeof verifyAfter>[0], RegExp]>([
    ['a kept weight changed', poke(UP, firstIndex(true), 0x3f81), /up_proj.*0x3f81 at flat index/],
    ['a kept weight became zero', poke(UP, firstIndex(true), 0), /up_proj.*0x0 at flat index/],
    ['a pruned weight is -0.0', poke(UP, firstIndex(false), 0x8000), /up_proj.*0x8000.*expected 0x0/],
    ['a weight without a mask changed', poke('model.norm.weight', 3, 0x3f81), /norm.*flat index 3/],
    [
      'the tensors stand in another order',
      async (path) => {
        const { tensors } = await writeTinyCheckpoint(join(folder, `other-${count++}`), { dtype: 'BF16' });
        await writeFile(path, serialize(new Map<string, TinyTensor>([...tensors].reverse())));
      },
      /tensor 0 is lm_head/,
    ],
    [
      'a tensor was added',
      async (path) => {
        const { tensors } = await writeTinyCheckpoint(join(folder, `other-${count++}`), { dtype: 'BF16' });
        const extra: TinyTensor = { dtype: 'BF16', shape: [1], values: Float32Array.of(1) };
        await writeFile(path, serialize(new Map([...tensors, ['extra', extra]])));
      },
      /tensor 0 is|22 tensors/,
    ],
  ])('refuses when %s', async (_, change, message) => {
    expect(await refusal(verifyAfter(change))).toMatchObject({
      code: 'EXPORT_DIFFERS',
      message: expect.stringMatching(message),
    });
  });

  it('refuses an export that does not open', async () => {
    const truncate = async (path: string) => writeFile(path, (await readFile(path)).subarray(0, -2));
    expect(await refusal(verifyAfter(truncate))).toMatchObject({ code: 'SAFETENSORS_TRUNCATED' });
    expect(await refusal(verifyAfter((path) => rm(path)))).toMatchObject({
      code: 'CHECKPOINT_MISSING_WEIGHTS',
    });
  });

  it('refuses another number of zeros than was recorded', async () => {
    const { dir } = await writeTinyCheckpoint(join(folder, `case-${count++}`));
    await cp(dir, `${dir}-copy`, { recursive: true });
    const source = await openCheckpoint(dir);
    const keepAll = async ({ name, shape: [rows, columns] }: TensorEntry) =>
      name === UP ? { mask: { rows, columns, bits: new Uint8Array(48).fill(0xff) }, updated: null } : null;
    const recorded = { [UP]: { size: 384, zeros: 192 } };
    expect(await refusal(verifyExport(source, `${dir}-copy`, keepAll, recorded, {}))).toMatchObject({
      code: 'EXPORT_DIFFERS',
      message: expect.stringMatching(/0 zeros, but 192/),
    });
    await source.close();
  });
});
