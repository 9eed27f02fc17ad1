import { appendFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { hashTokens, modelFingerprint } from '../../../src/engine/run/fingerprint.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint.ts';

const folder = temporaryFolder();

async function fingerprintOf(dir: string): Promise<string> {
  const checkpoint = await openCheckpoint(dir);
  try {
    return await modelFingerprint(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

describe('modelFingerprint', () => {
  it('changes with the config and with any weight file, and with nothing else', async () => {
    const { dir, files } = await writeTinyCheckpoint(join(folder, 'model'), { shards: 2 });
    const first = await fingerprintOf(dir);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(dir, 'README.md'), 'another');
    expect(await fingerprintOf(dir)).toBe(first);

    await utimes(join(dir, files[1]), new Date(), new Date(Date.now() + 10_000));
    const touched = await fingerprintOf(dir);
    expect(touched).not.toBe(first);
    await appendFile(join(dir, 'config.json'), ' ');
    expect(await fingerprintOf(dir)).not.toBe(touched);
  });
});

describe('hashTokens', () => {
  const hash = (...samples: number[][]) => hashTokens(samples.map((ids) => Int32Array.from(ids)));

  it('tells samples apart by their ids, their order and where they end', () => {
    const hashes = [
      hash([1, 2], [3]),
      hash([1], [2, 3]),
      hash([1, 2, 3]),
      hash([3], [1, 2]),
      hash([1, 2], [4]),
      hash(),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hash([1, 2], [3])).toBe(hashes[0]);
  });
});
