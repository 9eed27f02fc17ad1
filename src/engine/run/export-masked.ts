import { UserError } from '../../contract/error.ts';
import type { OnProgress } from '../../contract/progress.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { sequenceLogits } from '../evaluation/logits.ts';
import { type ExportReport, exportPruned } from '../export/export-pruned.ts';
import { maskedCheckpoint } from './masked-checkpoint.ts';
import type { PrunedWeights } from './pruned-weights.ts';

export interface ExportMaskedOptions {
  readonly outDir: string;
  readonly pruned: PrunedWeights;
  readonly record: Record<string, unknown>;
  readonly force: boolean;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/** Tokens of the sequence on which the export's logits are compared. */
const PROBE_LENGTH = 16;

/**
 * Writes the pruned model and calls it done only when, read back, its weights are the source's under the masks (and
 * updates) and its logits are those of the source pruned in memory.
 */
export function exportMasked(
  checkpoint: Checkpoint,
  { pruned, ...options }: ExportMaskedOptions,
): Promise<ExportReport> {
  return exportPruned({
    checkpoint,
    ...options,
    ...pruned,
    verify: (exportedDir) => compareLogits(checkpoint, pruned, exportedDir),
  });
}

async function compareLogits(source: Checkpoint, pruned: PrunedWeights, exportedDir: string): Promise<void> {
  const { vocabSize } = source.config;
  const probe = Int32Array.from({ length: PROBE_LENGTH }, (_, i) =>
    Math.floor((i * vocabSize) / PROBE_LENGTH),
  );
  const expected = await sequenceLogits(maskedCheckpoint(source, pruned), probe);
  const exported = await openCheckpoint(exportedDir);
  try {
    const found = await sequenceLogits(exported, probe);
    const differing = found.findIndex((logit, i) => !(logit === expected[i]));
    if (differing === -1) return;
    throw new UserError(
      'EXPORT_LOGITS_DIFFER',
      `The exported model computes other logits than the masked source: logit ${differing} is ${found[differing]}, expected ${expected[differing]}.`,
      'The export was removed. Check the disk and the memory of this machine, then run the command again.',
    );
  } finally {
    await exported.close();
  }
}
