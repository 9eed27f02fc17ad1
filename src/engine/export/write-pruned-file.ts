import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts';
import { writeDurably } from '../checkpoint/durable-file.ts';
import { openReadOnly } from '../checkpoint/open-read-only.ts';
import { readExactly } from '../checkpoint/safetensors.ts';
import type { Mask } from '../pruning/mask.ts';
import { elementsBeforeMask, type PrunedOf, type PrunedTensor } from './pruned-tensor.ts';
import { bitPatterns, chunksOf, magnitudeBits, sizeOf } from './tensor-chunks.ts';
import type { TransferProgress } from './transfer-progress.ts';

/** Weights of a matrix in the exported file, and how many of them are zero (of either sign). */
export interface MatrixSparsity {
  readonly size: number;
  readonly zeros: number;
}

/** A weight file before and after; both have the same number of bytes. */
export interface WeightFileRecord {
  readonly bytes: number;
  readonly sourceSha256: string;
  readonly sha256: string;
}

export interface PrunedFile {
  readonly record: WeightFileRecord;
  /** By name, of the tensors that had a mask. */
  readonly matrices: ReadonlyMap<string, MatrixSparsity>;
}

/**
 * Writes a copy of one of the checkpoint's weight files whose masked weights are +0.0. The header and all other
 * bytes are the source's, but for updated weights. Each byte is read once and hashed on its way, before and after.
 */
export async function writePrunedFile(
  checkpoint: Checkpoint,
  file: string,
  path: string,
  prunedOf: PrunedOf,
  progress: TransferProgress,
): Promise<PrunedFile> {
  const entries = [...checkpoint.tensors.values()].filter((entry) => entry.file === file);
  const [before, after] = [createHash('sha256'), createHash('sha256')];
  const matrices = new Map<string, MatrixSparsity>();
  let bytes = 0;
  await writeDurably(path, async (append) => {
    const write = async (chunk: Uint8Array) => {
      after.update(chunk);
      await append(chunk);
      bytes += chunk.length;
      progress.advance(chunk.length);
    };
    const header = await readHeaderBytes(checkpoint.dir, file, entries);
    before.update(header);
    await write(header);
    for (const entry of entries) {
      const pruned = await prunedOf(entry);
      const mask = pruned?.mask ?? null;
      if (pruned) assertFits(pruned, entry);
      let zeros = 0;
      for (const range of chunksOf(entry)) {
        const source = await checkpoint.readRaw(entry.name, range);
        before.update(source);
        const chunk = elementsBeforeMask(pruned, source, entry, range);
        if (mask) zeros += zeroPruned(chunk, entry.dtype, mask, range.first);
        await write(chunk);
      }
      if (mask) matrices.set(entry.name, { size: sizeOf(entry), zeros });
    }
  });
  return { record: { bytes, sourceSha256: before.digest('hex'), sha256: after.digest('hex') }, matrices };
}

/**
 * Sets the pruned elements of a chunk to +0.0 in place; its first element is the flat index `first` of the matrix.
 * Returns how many elements are zero afterwards, kept ones that were zero before included.
 */
function zeroPruned(
  chunk: Uint8Array<ArrayBuffer>,
  dtype: TensorEntry['dtype'],
  mask: Mask,
  first: number,
): number {
  const patterns = bitPatterns(chunk, dtype);
  const magnitude = magnitudeBits(dtype);
  const { bits } = mask;
  let zeros = 0;
  for (let i = 0, index = first; i < patterns.length; i++, index++) {
    if (((bits[index >>> 3] >>> (index & 7)) & 1) === 0) patterns[i] = 0;
    if ((patterns[i] & magnitude) === 0) zeros++;
  }
  return zeros;
}

async function readHeaderBytes(
  dir: string,
  file: string,
  entries: readonly TensorEntry[],
): Promise<Uint8Array> {
  const path = join(dir, file);
  const source = await openReadOnly(path);
  try {
    return await readExactly(source, 0, entries[0].begin, path);
  } finally {
    await source.close();
  }
}

function assertFits({ mask, updated }: PrunedTensor, { name, shape, begin, end }: TensorEntry): void {
  const { rows, columns, bits } = mask;
  if (updated && updated.length !== end - begin)
    throw new RangeError(`${name} has ${end - begin} bytes, its update ${updated.length}`);
  if (shape.join() === `${rows},${columns}` && bits.length === Math.ceil((rows * columns) / 8)) return;
  throw new RangeError(
    `the mask of ${name} is ${rows} x ${columns} in ${bits.length} bytes, the weight [${shape}]`,
  );
}
