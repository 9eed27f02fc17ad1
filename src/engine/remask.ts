import { UserError } from '../contract/error.ts';
import type { OnProgress } from '../contract/progress.ts';
import { pruneSettings } from '../contract/settings.ts';
import { openCheckpoint } from './checkpoint/open-checkpoint.ts';
import { assertExportable } from './export/export-pruned.ts';
import { exportRun, type PruneReport, reportOf } from './prune-run.ts';
import { assertMaskSettings } from './pruning/grouping.ts';
import { modelFingerprint } from './run/fingerprint.ts';
import type { MaskSettings } from './run/mask-source.ts';
import { RunFolder } from './run/run-folder.ts';
import { assertScored } from './run/scored-parts.ts';
import { openBackend } from './tensor/backend.ts';

/** What decides the mask, where it is not to be as in the run. */
export type MaskChanges = { readonly [Name in keyof MaskSettings]?: MaskSettings[Name] | undefined };

export interface RemaskRequest {
  /** The folder of a finished run. */
  readonly runDir: string;
  readonly outDir: string;
  readonly changes: MaskChanges;
  readonly force: boolean;
}

/**
 * Makes another pruned model from a finished run's scores, without calibrating again.
 * @throws UserError MODEL_CHANGED, SCORES_MISSING, and what RunFolder.open and the export throw
 */
export async function remask(
  request: RemaskRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<PruneReport> {
  const run = await RunFolder.open(request.runDir);
  assertScores(run);
  const settings = pruneSettings.parse({ ...run.record.settings, ...request.changes, compensate: false });
  await assertScored(run, settings);
  const checkpoint = await openCheckpoint(run.record.modelDir);
  try {
    assertMaskSettings(settings, checkpoint.config);
    await assertExportable(checkpoint, request);
    if ((await modelFingerprint(checkpoint)) !== run.record.modelFingerprint) throw changed(checkpoint.dir);
    const backend = await openBackend(null);
    const report = await exportRun(run, checkpoint, { ...request, settings }, onProgress, signal);
    const { notes, settings: before } = run.record;
    const record = {
      ...run.record,
      prunedNotes: [],
      notes: before.compensate ? [...notes, NOT_COMPENSATED] : notes,
    };
    return reportOf({ ...request, settings }, backend, record, [], 0, report);
  } finally {
    await checkpoint.close();
  }
}

const NOT_COMPENSATED =
  'The weights are not compensated: that takes the calibration texts. `prune --resume --compensate` with the same run does it.';

function assertScores({ dir, record }: RunFolder): void {
  const { method } = record.settings;
  if (method === 'd-pruner') return;
  throw new UserError(
    'SCORES_MISSING',
    `The run in ${dir} is of ${method}, which leaves no scores to make other masks from.`,
    `Prune again with --method ${method} and the settings you want.`,
  );
}

const changed = (dir: string) =>
  new UserError(
    'MODEL_CHANGED',
    `The model in ${dir} is not the one that was scored: its config.json or weight files have changed since.`,
    'Put the original files back, or prune again.',
  );
