import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../../src/engine/checkpoint/safetensors.ts';
import { type TensorSource, writeSafetensors } from '../../../src/engine/checkpoint/write-safetensors.ts';
import { mountSmallDisk } from './full-disk.ts';
import { refusal } from './refusal.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const smallDisk = mountSmallDisk(join(folder, 'small-disk'), 64);

const float32 = (name: string, values: number[]): TensorSource => ({
  name,
  dtype: 'F32',
  shape: [values.length],
  chunks: () => [new Uint8Array(Float32Array.from(values).buffer)],
});

async function readBack(path: string) {
  const file = await open(path, 'r');
  const header = await readSafetensorsHeader(file, path).finally(() => file.close());
  const bytes = await readFile(path);
  return { header, data: new Map(header.tensors.map((t) => [t.name, bytes.subarray(t.begin, t.end)])) };
}

describe('writeSafetensors', () => {
  it('writes what the reader reads: names, shapes, bytes and metadata', async () => {
    const path = join(folder, 'a.safetensors');
    const streamed: TensorSource = {
      name: 'streamed',
      dtype: 'F32',
      shape: [2, 2],
      async *chunks() {
        yield Uint8Array.of(1, 2, 3);
        yield new Uint8Array();
        yield Uint8Array.of(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
      },
    };
    await writeSafetensors(path, [float32('1', [1, 2, 3]), streamed, float32('0', [4])], { format: 'pt' });
    const { header, data } = await readBack(path);
    expect(header.metadata).toEqual({ format: 'pt' });
    expect(header.tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['1', [3]],
      ['streamed', [2, 2]],
      ['0', [1]],
    ]);
    expect([...(data.get('streamed') as Buffer)]).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
    expect(data.get('0')?.readFloatLE()).toBe(4);
  });

  it('aligns the data to 8 bytes and each tensor to its element', async () => {
    const path = join(folder, 'b.safetensors');
    const bits: TensorSource = {
      name: 'bits',
      dtype: 'U8',
      shape: [3],
      chunks: () => [Uint8Array.of(1, 2, 3)],
    };
    await writeSafetensors(path, [bits, float32('ä', [1])]);
    const { header } = await readBack(path);
    expect(header.dataBegin % 8).toBe(0);
    expect(header.tensors.map(({ name, begin }) => [name, begin - header.dataBegin])).toEqual([
      ['ä', 0],
      ['bits', 4],
    ]);
  });

  it.each([
    ['too few bytes', [{ ...float32('a', [1]), shape: [2] }], 'too few'],
    ['too many bytes', [{ ...float32('a', [1, 2]), shape: [1] }], 'too many'],
    ['the same name twice', [float32('a', [1]), float32('a', [2])], 'taken'],
    ['the reserved name', [float32('__metadata__', [1])], 'taken'],
    ['a shape that is too large', [{ ...float32('a', [1]), shape: [2 ** 40, 2 ** 40] }], 'too large'],
  ])('leaves no file when given %s', async (name, tensors, message) => {
    const dir = join(folder, name.replaceAll(' ', '-'));
    await mkdir(dir);
    await expect(writeSafetensors(join(dir, 'a.safetensors'), tensors)).rejects.toThrow(message);
    expect(await readdir(dir)).toEqual([]);
  });

  it.skipIf(!smallDisk)('says that the disk is full, and leaves nothing', async () => {
    const path = join(smallDisk as string, 'a.safetensors');
    const error = await refusal(writeSafetensors(path, [float32('a', Array(50_000).fill(1))]));
    expect(error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(path) });
    expect(await readdir(smallDisk as string)).toEqual([]);
  });
});
