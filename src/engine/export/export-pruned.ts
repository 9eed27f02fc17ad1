import { mkdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { OnProgress } from '../../contract/progress.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { syncFolder, writeDurably } from '../checkpoint/durable-file.ts';
import { fromFloat32 } from '../checkpoint/half-precision.ts';
import { SINGLE_FILE } from '../checkpoint/weight-files.ts';
import { linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import type { Mask } from '../pruning/mask.ts';
import { type CompanionFile, copyCompanionFile, listCompanionFiles } from './companion-files.ts';
import { CARD_FILE, modelCard, readSourceCard, SOURCE_CARD_FILE } from './model-card.ts';
import { assertOutputFree, createFolder, RECORD_FILE } from './output-folder.ts';
import type { PrunedOf } from './pruned-tensor.ts';
import { throwIfStopped, transferProgress } from './transfer-progress.ts';
import { verifyExport } from './verify-export.ts';
import { type MatrixSparsity, type WeightFileRecord, writePrunedFile } from './write-pruned-file.ts';

export interface ExportRequest {
  readonly checkpoint: Checkpoint;
  readonly outDir: string;
  /**
   * The mask of a prunable weight, null to keep all of it. Asked for the linear layers of the decoder only, once to
   * write and once to verify; both times it must be the same.
   */
  readonly maskOf: (weightName: string) => Promise<Mask | null>;
  /**
   * New values for a prunable weight, row-major, exact in the source's dtype; null where they stay as they were. Asked
   * as `maskOf` is; what the mask prunes is +0.0 whatever they say.
   */
  readonly weightOf?: (weightName: string) => Promise<Float32Array<ArrayBuffer> | null>;
  /** What `dpruner.json` says of the run: settings, hashes, seed, versions. */
  readonly record: Record<string, unknown>;
  /** Replaces an existing output folder. */
  readonly force: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** A further check of the finished folder, before it gets its name; it rejects to refuse the export. */
  readonly verify?: (exportedDir: string) => Promise<void>;
}

export interface ExportReport {
  readonly outDir: string;
  /** By weight name, in the order of the model's layers. */
  readonly matrices: Readonly<Record<string, MatrixSparsity>>;
  /** By file name. */
  readonly weightFiles: Readonly<Record<string, WeightFileRecord>>;
  /** Over all matrices. */
  readonly size: number;
  readonly zeros: number;
}

/**
 * Refuses what an export could not be written to or from, so that nobody waits for it through a whole run.
 * @throws UserError OUTPUT_EXISTS, OUTPUT_OVERLAPS_MODEL, OUTPUT_NOT_REPLACEABLE, OUTPUT_NOT_WRITABLE, EXPORT_LINK_OUTSIDE
 */
export async function assertExportable(
  checkpoint: Checkpoint,
  { outDir, force }: Pick<ExportRequest, 'outDir' | 'force'>,
): Promise<void> {
  await assertOutputFree(checkpoint.dir, outDir, force);
  await companionsOf(checkpoint);
}

/**
 * Writes the pruned model as a Hugging Face folder: the source's names, order, dtype, shards and bytes, but for
 * masked weights, which are +0.0, and updated ones; its companion files; a model card; and `dpruner.json`. The folder appears under its name
 * only when it is whole, on the disk, and verified by reading it back. The source is never written.
 * @throws UserError OUTPUT_EXISTS, OUTPUT_OVERLAPS_MODEL, OUTPUT_NOT_REPLACEABLE, OUTPUT_NOT_WRITABLE,
 *   EXPORT_LINK_OUTSIDE, DISK_FULL, EXPORT_DIFFERS, or what `verify` throws; Interrupted when `signal` is aborted
 */
export async function exportPruned(request: ExportRequest): Promise<ExportReport> {
  const { checkpoint, outDir, force } = request;
  await assertOutputFree(checkpoint.dir, outDir, force);
  const files = weightFileBytes(checkpoint);
  const companions = await companionsOf(checkpoint);
  const pruned = prunableOnly(request);
  let report: ExportReport | undefined;
  await createFolder(outDir, force, async (partialDir) => {
    await assertSpace(partialDir, outDir, files, companions);
    await copyCompanions(checkpoint.dir, partialDir, companions);
    report = await writeWeights(request, files, pruned, partialDir);
    const { matrices, weightFiles } = report;
    const record = { ...request.record, matrices, weightFiles };
    const card = modelCard(checkpoint.dir, await readSourceCard(checkpoint.dir), request.record, report);
    await writeDurably(join(partialDir, CARD_FILE), (append) => append(Buffer.from(card)));
    await writeDurably(join(partialDir, RECORD_FILE), (append) =>
      append(Buffer.from(`${JSON.stringify(record, null, 2)}\n`)),
    );
    await verifyExport(checkpoint, partialDir, pruned, matrices, request);
    await request.verify?.(partialDir);
    throwIfStopped(request.signal);
  });
  return report as ExportReport;
}

async function writeWeights(
  request: ExportRequest,
  files: ReadonlyMap<string, number>,
  prunedOf: PrunedOf,
  partialDir: string,
): Promise<ExportReport> {
  const progress = transferProgress('export', files.size, sum(files.values()), request);
  const written = new Map<string, MatrixSparsity>();
  const weightFiles: Record<string, WeightFileRecord> = {};
  for (const file of files.keys()) {
    const pruned = await writePrunedFile(
      request.checkpoint,
      file,
      join(partialDir, file),
      prunedOf,
      progress,
    );
    weightFiles[file] = pruned.record;
    for (const [name, sparsity] of pruned.matrices) written.set(name, sparsity);
    progress.finishFile(file);
  }
  const matrices: Record<string, MatrixSparsity> = {};
  for (const name of prunableWeights(request.checkpoint)) {
    const sparsity = written.get(name);
    if (sparsity) matrices[name] = sparsity;
  }
  const all = [...written.values()];
  const [size, zeros] = [sum(all.map((matrix) => matrix.size)), sum(all.map((matrix) => matrix.zeros))];
  return { outDir: request.outDir, matrices, weightFiles, size, zeros };
}

/** Masks for the decoder's linear layers; embeddings, norms, head and biases are never asked about. */
function prunableOnly({ checkpoint, maskOf, weightOf }: ExportRequest): PrunedOf {
  const prunable = new Set(prunableWeights(checkpoint));
  return async ({ name, dtype }) => {
    const mask = prunable.has(name) ? await maskOf(name) : null;
    const values = mask && weightOf ? await weightOf(name) : null;
    return mask && { mask, updated: values && fromFloat32(values, dtype) };
  };
}

function prunableWeights({ config }: Checkpoint): string[] {
  const layers = Array.from({ length: config.numHiddenLayers }, (_, layer) => layer);
  return layers.flatMap((layer) => linearsOf(config).map((linear) => linearWeight(config, layer, linear)));
}

/** Bytes of each weight file: its last tensor ends with it. */
function weightFileBytes({ tensors }: Checkpoint): Map<string, number> {
  const files = new Map<string, number>();
  for (const { file, end } of tensors.values()) files.set(file, Math.max(end, files.get(file) ?? 0));
  return files;
}

const companionsOf = (checkpoint: Checkpoint): Promise<CompanionFile[]> =>
  listCompanionFiles(checkpoint.dir, !weightFileBytes(checkpoint).has(SINGLE_FILE));

async function copyCompanions(from: string, to: string, companions: readonly CompanionFile[]): Promise<void> {
  for (const { name } of companions) {
    const target = name === CARD_FILE ? SOURCE_CARD_FILE : name;
    const folder = dirname(join(to, target));
    await mkdir(folder, { recursive: true });
    await copyCompanionFile(join(from, name), join(to, target));
    await syncFolder(folder);
  }
}

async function assertSpace(
  partialDir: string,
  outDir: string,
  files: ReadonlyMap<string, number>,
  companions: readonly CompanionFile[],
): Promise<void> {
  const { bavail, bsize } = await statfs(partialDir);
  const neededBytes = sum(files.values()) + sum(companions.map(({ bytes }) => bytes));
  const availableBytes = bavail * bsize;
  if (neededBytes <= availableBytes) return;
  const inMb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  throw new UserError(
    'DISK_FULL',
    `The export to ${outDir} needs ${inMb(neededBytes)}, but only ${inMb(availableBytes)} are free there`,
    'Free some space there, or choose a folder on another disk.',
  );
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
