import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../../src/engine/checkpoint/safetensors.ts';
import { refusal } from './refusal.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { withHeader } from './tiny-checkpoint.ts';

const path = join(temporaryFolder(), 'hostile.safetensors');

async function readHeader(bytes: Uint8Array) {
  await writeFile(path, bytes);
  const file = await open(path, 'r');
  try {
    return await readSafetensorsHeader(file, path);
  } finally {
    await file.close();
  }
}

const withLength = (length: bigint, rest: number) => {
  const bytes = Buffer.alloc(8 + rest, ' ');
  bytes.writeBigUInt64LE(length);
  return bytes;
};
const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const file = (header: unknown, dataBytes: number) =>
  withHeader(JSON.stringify(header), Buffer.alloc(dataBytes));

describe('readSafetensorsHeader', () => {
  it('reads entries in the order of their bytes, with absolute offsets', async () => {
    const header = {
      b: entry('F16', [2, 3], 8, 20),
      __metadata__: { format: 'pt' },
      a: entry('F32', [2], 0, 8),
    };
    const bytes = file(header, 20);
    const dataBegin = bytes.length - 20;
    expect(await readHeader(bytes)).toEqual({
      dataBegin,
      metadata: { format: 'pt' },
      tensors: [
        { name: 'a', dtype: 'F32', shape: [2], begin: dataBegin, end: dataBegin + 8 },
        { name: 'b', dtype: 'F16', shape: [2, 3], begin: dataBegin + 8, end: dataBegin + 20 },
      ],
    });
  });

  it('accepts scalars, empty tensors and names that look like numbers', async () => {
    const header = {
      x: entry('F32', [], 0, 4),
      '7': entry('F32', [0, 5], 4, 4),
      __proto__x: entry('U8', [1], 4, 5),
    };
    expect((await readHeader(file(header, 5))).tensors.map(({ name }) => name)).toEqual([
      'x',
      '7',
      '__proto__x',
    ]);
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', Buffer.alloc(0), '0 bytes'],
    ['a file shorter than 8 bytes', Buffer.alloc(7), '7 bytes'],
    ['a header longer than the file', withLength(1000n, 10), '1000'],
    ['a file without the end of its data', file({ a: entry('F32', [2], 0, 8) }, 7), '"a"'],
    ['offsets far beyond the file', file({ a: entry('F32', [2 ** 40], 0, 2 ** 42) }, 8), '"a"'],
  ])('calls %s incomplete', async (_, bytes, found) => {
    expect(await refusal(readHeader(bytes))).toMatchObject({
      code: 'SAFETENSORS_TRUNCATED',
      message: expect.stringMatching(new RegExp(`${path}.*${found}`)),
    });
  });

  const a = entry('F32', [2], 0, 8);
  it.each<[string, Uint8Array, string]>([
    ['a header of more than 100 MB', withLength(100_000_001n, 16), '100000001'],
    ['a header length of 2^64 - 1', withLength(2n ** 64n - 1n, 16), '18446744073709551615'],
    ['no JSON', withHeader('{"a":'), 'JSON'],
    ['an empty header', withLength(0n, 0), 'JSON'],
    [
      'JSON that is not UTF-8',
      Buffer.concat([withLength(8n, 0), Buffer.from('{"\xff\xfe":0}', 'latin1')]),
      'JSON',
    ],
    ['a list', withHeader('[]'), 'not an object'],
    ['null', withHeader('null'), 'not an object'],
    ['deeply nested JSON', withHeader(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), '"a"'],
    ['metadata that is not text', file({ __metadata__: { a: 1 } }, 0), '__metadata__'],
    ['an entry that is no object', file({ a: 3 }, 0), '"a"'],
    ['an entry without offsets', file({ a: { dtype: 'F32', shape: [2] } }, 8), 'data_offsets'],
    ['three offsets', file({ a: { ...a, data_offsets: [0, 4, 8] } }, 8), 'data_offsets'],
    ['a negative offset', file({ a: entry('F32', [2], -8, 0) }, 8), 'data_offsets'],
    ['a fractional offset', file({ a: entry('F32', [2], 0.5, 8.5) }, 8), 'data_offsets'],
    ['an end before the begin', file({ a: entry('F32', [2], 8, 0) }, 8), 'before its begin'],
    ['overlapping tensors', file({ a, b: entry('F32', [2], 4, 12) }, 12), '"a" and "b" overlap'],
    ['two tensors on the same bytes', file({ a, b: a }, 8), 'overlap'],
    ['a hole between tensors', file({ a, b: entry('F32', [2], 12, 20) }, 20), '4 bytes before tensor "b"'],
    ['a hole before the first tensor', file({ a: entry('F32', [2], 8, 16) }, 16), '8 bytes before'],
    ['bytes after the last tensor', file({ a }, 9), 'last 1 bytes'],
    [
      'a length other than the shape says',
      file({ a: entry('F32', [3], 0, 8) }, 8),
      'needs 12 bytes, but has 8',
    ],
    ['a negative dimension', file({ a: entry('F32', [-2], 0, 8) }, 8), 'shape'],
    ['a fractional dimension', file({ a: entry('F32', [1.5], 0, 6) }, 6), 'shape'],
    ['a dimension as text', file({ a: entry('F32', ['2'], 0, 8) }, 8), 'shape'],
    ['a size that overflows', file({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 8) }, 8), 'too many bytes'],
    [
      'a size that overflows before a zero',
      file({ a: entry('F32', [2 ** 40, 2 ** 40, 0], 0, 0) }, 0),
      'too many bytes',
    ],
    [
      'a name used twice',
      withHeader(`{"a":${JSON.stringify(a)},"\\u0061":${JSON.stringify(a)}}`, Buffer.alloc(8)),
      '"a" twice',
    ],
    [
      'an entry with two shapes',
      withHeader('{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,8],"shape":[2]}}', Buffer.alloc(8)),
      '"shape" twice',
    ],
  ])('refuses %s', async (_, bytes, found) => {
    expect(await refusal(readHeader(bytes))).toMatchObject({
      code: 'SAFETENSORS_INVALID',
      message: expect.stringContaining(found),
    });
  });

  it.each(['Q4', 'F8_E4M3', 'toString', ''])('refuses the element type "%s" by name', async (dtype) => {
    expect(await refusal(readHeader(file({ a: entry(dtype, [8], 0, 8) }, 8)))).toMatchObject({
      code: 'SAFETENSORS_DTYPE',
      message: expect.stringContaining(`"${dtype}"`),
    });
  });

  it('shortens a name of a million characters in its message', async () => {
    const error = await refusal(readHeader(file({ ['x'.repeat(1e6)]: 3 }, 0)));
    expect((error as Error).message.length).toBeLessThan(1000);
  });
});
