import { UserError } from '../../contract/error.ts';
import type { Checkpoint, TensorEntry } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type Mask, zerosIn } from '../pruning/mask.ts';
import { elementsBeforeMask, type PrunedOf, type PrunedTensor } from './pruned-tensor.ts';
import { bitPatterns, chunksOf, magnitudeBits } from './tensor-chunks.ts';
import { type TransferOptions, type TransferProgress, transferProgress } from './transfer-progress.ts';
import type { MatrixSparsity } from './write-pruned-file.ts';

/**
 * Opens an exported folder as any reader would and compares it with its source, tensor by tensor: the same names,
 * order, dtypes, shapes and places; kept weights bit-identical (or as updated), pruned ones exactly +0.0, and as many zeros as
 * `matrices` says. EXPORT_DIFFERS names the first difference.
 */
export async function verifyExport(
  source: Checkpoint,
  exportedDir: string,
  prunedOf: PrunedOf,
  matrices: Readonly<Record<string, MatrixSparsity>>,
  options: TransferOptions,
): Promise<void> {
  const exported = await openCheckpoint(exportedDir);
  try {
    assertSameEntries(source, exported);
    const entries = [...source.tensors.values()];
    const files = new Set(entries.map(({ file }) => file));
    const bytes = entries.reduce((total, { begin, end }) => total + end - begin, 0);
    const progress = transferProgress('verify', files.size, bytes, options);
    for (const file of files) {
      for (const entry of entries.filter((other) => other.file === file)) {
        const pruned = await prunedOf(entry);
        const found = await compareTensor(source, exported, entry, pruned, progress);
        if (pruned) assertCounts(entry, pruned.mask, found, matrices[entry.name]);
      }
      progress.finishFile(file);
    }
  } finally {
    await exported.close();
  }
}

function assertSameEntries(source: Checkpoint, exported: Checkpoint): void {
  const [expected, found] = [source, exported].map(({ tensors }) => [...tensors.values()]);
  const at = expected.findIndex((entry, i) => describe(entry) !== describe(found[i]));
  if (at !== -1) throw differs(`tensor ${at} is ${describe(found[at])}, expected ${describe(expected[at])}`);
  if (found.length !== expected.length)
    throw differs(`it has ${found.length} tensors, expected ${expected.length}`);
}

function describe(entry: TensorEntry | undefined): string {
  if (!entry) return 'missing';
  const { name, dtype, shape, file, begin, end } = entry;
  return `${name} ${dtype} [${shape.join(', ')}] in ${file}, bytes ${begin} to ${end}`;
}

interface ZeroCounts {
  /** Weights that the mask prunes, each found to be +0.0. */
  pruned: number;
  /** All weights that are zero, of either sign. */
  zeros: number;
}

async function compareTensor(
  source: Checkpoint,
  exported: Checkpoint,
  entry: TensorEntry,
  pruned: PrunedTensor | null,
  progress: TransferProgress,
): Promise<ZeroCounts> {
  const { name, dtype } = entry;
  const magnitude = magnitudeBits(dtype);
  const mask = pruned?.mask ?? null;
  const counts = { pruned: 0, zeros: 0 };
  for (const range of chunksOf(entry)) {
    const [original, after] = await Promise.all([source.readRaw(name, range), exported.readRaw(name, range)]);
    const before = elementsBeforeMask(pruned, original, entry, range);
    progress.advance(after.length);
    if (!mask && Buffer.compare(before, after) === 0) continue;
    const [expected, found] = [bitPatterns(before, dtype), bitPatterns(after, dtype)];
    for (let i = 0; i < found.length; i++) {
      const index = range.first + i;
      const isPruned = mask !== null && (mask.bits[Math.floor(index / 8)] & (1 << (index % 8))) === 0;
      const wanted = isPruned ? 0 : expected[i];
      if (found[i] !== wanted) {
        const hex = (pattern: number) => `0x${pattern.toString(16)}`;
        throw differs(
          `${name} has the bits ${hex(found[i])} at flat index ${index}, expected ${hex(wanted)}`,
        );
      }
      if (isPruned) counts.pruned++;
      if ((found[i] & magnitude) === 0) counts.zeros++;
    }
  }
  return counts;
}

function assertCounts(
  { name }: TensorEntry,
  mask: Mask,
  { pruned, zeros }: ZeroCounts,
  recorded: MatrixSparsity | undefined,
): void {
  if (pruned !== zerosIn(mask))
    throw differs(`${name} has ${pruned} pruned weights, its mask ${zerosIn(mask)}`);
  if (zeros !== recorded?.zeros) {
    throw differs(
      `${name} has ${zeros} zeros, but ${recorded?.zeros ?? 'none'} were recorded when it was written`,
    );
  }
}

function differs(found: string): UserError {
  return new UserError(
    'EXPORT_DIFFERS',
    `The export, read back, is not what was to be written: ${found}`,
    'The export was removed. Check the disk and the memory of this machine, then run the command again.',
  );
}
