import { UserError } from '../contract/error.ts';
import type { OnProgress } from '../contract/progress.ts';
import type { PruneSettings } from '../contract/settings.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { openCheckpoint } from './checkpoint/open-checkpoint.ts';
import type { ExportReport } from './export/export-pruned.ts';
import { assertExportable } from './export/export-pruned.ts';
import { assertFits } from './planning/assert-fits.ts';
import { ENDLESS, planRun } from './planning/plan-run.ts';
import { sizesOfSamples } from './planning/token-counts.ts';
import { assertMaskSettings } from './pruning/grouping.ts';
import { appVersion } from './run/app-version.ts';
import type { CalibrationSource } from './run/calibration-source.ts';
import { exportMasked } from './run/export-masked.ts';
import { type CalibrationTokens, loadCalibration } from './run/load-calibration.ts';
import { masksByMagnitude } from './run/mask-source.ts';
import { type Needs, needsCalibration, needsOf } from './run/needs.ts';
import { mixOf, newRecord } from './run/new-record.ts';
import { countOutliers, pruneByLayers } from './run/prune-by-layers.ts';
import { prunedByRun } from './run/pruned-by-run.ts';
import { RunFolder } from './run/run-folder.ts';
import type { RunRecord } from './run/run-record.ts';
import { scoreAll } from './run/score-all.ts';
import { freeBytesAt } from './streaming/free-space.ts';
import type { StageTiming } from './streaming/progress-meter.ts';
import { type BackendName, type BackendTrial, openBackend } from './tensor/backend.ts';
import { hasFusedKernels } from './tensor/fused-kernels.ts';
import { setTensorBudgets } from './tensor/tensor-budget.ts';

export interface PruneRequest {
  readonly modelDir: string;
  readonly outDir: string;
  /** Keeps the scores, so that other masks can be made without calibrating again. */
  readonly runDir: string;
  readonly settings: PruneSettings;
  readonly calibration: CalibrationSource;
  /** null: the best that works. */
  readonly backend: BackendName | null;
  readonly resume: boolean;
  readonly force: boolean;
  readonly dumpImportanceDir: string | null;
}

export interface PruneReport {
  readonly outDir: string;
  /** null for magnitude alone, which keeps nothing. */
  readonly runDir: string | null;
  readonly settings: PruneSettings;
  readonly backend: BackendTrial[];
  /** Mean cross-entropy of the domain calibration under the dense model, nats. */
  readonly loss: number | null;
  readonly regularizer: RunRecord['regularizer'];
  readonly calibration: unknown;
  readonly notes: readonly string[];
  readonly stages: readonly StageTiming[];
  /** Peak resident memory of the process until the scores were there, and until the end. */
  readonly scoringPeakMemoryBytes: number;
  readonly peakMemoryBytes: number;
  readonly export: ExportReport;
}

/**
 * Prunes a model: calibration, importance of every weight, masks, verified export.
 * @throws UserError for anything the user can mend; Interrupted when `signal` is aborted
 */
export async function prune(
  request: PruneRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<PruneReport> {
  const { settings } = request;
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    await assertExportable(checkpoint, request);
    const backend = await openBackend(request.backend);
    assertMaskSettings(settings, checkpoint.config);
    if (request.dumpImportanceDir && settings.method !== 'd-pruner') throw nothingToDump(settings.method);
    if (!needsCalibration(settings)) {
      const report = await exportMasked(checkpoint, {
        outDir: request.outDir,
        pruned: { maskOf: masksByMagnitude(checkpoint, settings) },
        record: { method: 'magnitude', settings, appVersion },
        force: request.force,
        onProgress,
        ...(signal && { signal }),
      });
      return reportOf(request, backend, null, [], peakMemoryBytes(), report);
    }
    return await pruneWithRun(request, checkpoint, backend, onProgress, signal);
  } finally {
    await checkpoint.close();
  }
}

async function pruneWithRun(
  request: PruneRequest,
  checkpoint: Checkpoint,
  backend: BackendTrial[],
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<PruneReport> {
  const { settings } = request;
  const needs = needsOf(settings, request.dumpImportanceDir !== null);
  const calibration = await loadCalibration(checkpoint, request.calibration, settings, needs);
  const budgets = await tensorBudgets(request, checkpoint, calibration, needs);
  const record = await newRecord(checkpoint, settings, calibration, needs);
  const run = await RunFolder.start(request.runDir, record, request);
  setTensorBudgets(budgets);
  try {
    if (run.record.finished && request.dumpImportanceDir) throw dumpTooLate(run.dir);
    const options = { onProgress, ...(signal && { signal }) };
    const stages = run.record.finished
      ? []
      : await scoreAll(run, checkpoint, calibration, needs, { ...request, ...options });
    const mix = mixOf(calibration, settings, needs);
    if (needs.outliers) stages.push(...(await countOutliers(run, checkpoint, mix, options)));
    if (needs.layerwise) stages.push(...(await pruneByLayers(run, checkpoint, mix, settings, options)));
    const scoringPeak = peakMemoryBytes();
    const report = await exportRun(run, checkpoint, request, onProgress, signal);
    return reportOf(request, backend, run.record, stages, scoringPeak, report);
  } finally {
    setTensorBudgets(new Map());
    await run.close();
  }
}

/** The most bytes of tensors in each stage. @throws UserError MEMORY_SHORT, DISK_SHORT where a new run cannot fit */
async function tensorBudgets(
  { settings, runDir, resume }: PruneRequest,
  { config }: Checkpoint,
  { domain, open }: CalibrationTokens,
  needs: Needs,
): Promise<Map<string, number>> {
  const question = {
    config,
    settings,
    texts: sizesOfSamples(domain, open, settings, needs),
    weightBytes: 0, // the pruned model comes last
    programBytes: process.memoryUsage.rss(),
    isComposed: !hasFusedKernels(),
  };
  // A run that goes on has fitted before; a part of what it needs it has already.
  const { stages } = resume
    ? planRun({ ...question, machine: ENDLESS })
    : assertFits({ ...question, scratchFreeBytes: await freeBytesAt(runDir) });
  return new Map(stages.map(({ stage, budgetBytes }) => [stage, budgetBytes]));
}

/** Exports the model as the run prunes it by the settings. */
export function exportRun(
  run: RunFolder,
  checkpoint: Checkpoint,
  { outDir, settings, force }: Pick<PruneRequest, 'outDir' | 'settings' | 'force'>,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<ExportReport> {
  return exportMasked(checkpoint, {
    outDir,
    pruned: prunedByRun(run, checkpoint, settings),
    record: provenance(run.record, settings),
    force,
    onProgress,
    ...(signal && { signal }),
  });
}

/** What goes into the exported folder's `dpruner.json`. */
function provenance(record: RunRecord, settings: PruneSettings): Record<string, unknown> {
  const { appVersion, modelFingerprint, domainTokens, openTokens, mixTokens, calibration, backend } = record;
  const { method } = settings;
  const tokens = { domainTokens, openTokens, mixTokens };
  return { method, settings, appVersion, modelFingerprint, ...tokens, calibration, backend };
}

export function reportOf(
  { outDir, runDir, settings }: Pick<PruneRequest, 'outDir' | 'runDir' | 'settings'>,
  backend: BackendTrial[],
  record: RunRecord | null,
  stages: readonly StageTiming[],
  scoringPeakMemoryBytes: number,
  report: ExportReport,
): PruneReport {
  return {
    outDir,
    runDir: record && runDir,
    settings,
    backend,
    loss: record?.loss ?? null,
    regularizer: record?.regularizer ?? null,
    calibration: record?.calibration ?? null,
    notes: record ? [...record.notes, ...record.prunedNotes] : [],
    stages,
    scoringPeakMemoryBytes,
    peakMemoryBytes: peakMemoryBytes(),
    export: report,
  };
}

const peakMemoryBytes = (): number => process.resourceUsage().maxRSS * 1024;

const nothingToDump = (method: string) =>
  new UserError(
    'SETTINGS_CONFLICT',
    `--dump-importance writes the importances of D-Pruner, and the method is ${method}.`,
    'Leave out --dump-importance.',
  );

const dumpTooLate = (runDir: string) =>
  new UserError(
    'DUMP_TOO_LATE',
    `The run in ${runDir} has already finished; of its importances only the 16-bit codes are left.`,
    'Start anew with --force to have them dumped.',
  );
