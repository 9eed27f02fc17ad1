import { createHash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';

/**
 * Identifies a checkpoint without reading its weights: SHA-256 over config.json and, of each weight file, its name,
 * size, time of change and header.
 */
export async function modelFingerprint({ dir, tensors }: Checkpoint): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(dir, 'config.json')));
  for (const name of new Set([...tensors.values()].map((entry) => entry.file))) {
    const path = join(dir, name);
    const { size, mtimeMs } = await stat(path);
    hash.update(`${name} ${size} ${mtimeMs}`);
    hash.update(await readHeader(path));
  }
  return hash.digest('hex');
}

async function readHeader(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const length = Buffer.alloc(8);
    await file.read(length, 0, 8, 0);
    const header = Buffer.alloc(Number(length.readBigUInt64LE()));
    await file.read(header, 0, header.length, 8);
    return header;
  } finally {
    await file.close();
  }
}

/** SHA-256 of token sequences: each one's length and ids as little-endian 32-bit integers. */
export function hashTokens(samples: readonly Int32Array[]): string {
  const hash = createHash('sha256');
  for (const sample of samples) {
    hash.update(Int32Array.of(sample.length));
    hash.update(sample);
  }
  return hash.digest('hex');
}
