import type { OnProgress } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { heldCheckpoint } from '../checkpoint/held-checkpoint.ts';
import { type EvaluatedText, measureText } from '../evaluation/evaluated-text.ts';
import { measureTask } from '../evaluation/tasks/measure-task.ts';
import type { PreparedTask } from '../evaluation/tasks/prepared-task.ts';
import { weightsFit } from '../generation/layer-source.ts';
import { borrowScores } from '../run/borrow-scores.ts';
import type { CalibrationTokens } from '../run/load-calibration.ts';
import { prunableWeights } from '../run/mask-source.ts';
import { maskedCheckpoint } from '../run/masked-checkpoint.ts';
import { needsOf } from '../run/needs.ts';
import { describeTokens, mixOf, newRecord } from '../run/new-record.ts';
import { countOutliers, pruneByLayers } from '../run/prune-by-layers.ts';
import { prunedByRun } from '../run/pruned-by-run.ts';
import { RunFolder } from '../run/run-folder.ts';
import { scoreAll } from '../run/score-all.ts';
import type { MeasuredModel } from './comparison.ts';
import type { SharedScores } from './shared-scores.ts';
import { identityOf, type WorkFolder } from './work-folder.ts';

/** What all rows of a comparison have in common. */
export interface Comparison {
  readonly checkpoint: Checkpoint;
  readonly calibration: CalibrationTokens;
  readonly texts: readonly EvaluatedText[];
  readonly tasks: readonly PreparedTask[];
  readonly work: WorkFolder;
  /** Leaves the float32 importances with the runs of the work folder. */
  readonly keepExact?: boolean;
  /** Folders of runs elsewhere whose scores may be borrowed. */
  readonly lenders?: readonly string[];
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

export interface ModelToPrune {
  /** Everything that decides its figures. */
  readonly identity: string;
  /** Everything that decides what it makes of a task. */
  readonly modelIdentity: string;
  readonly method: string;
  readonly settings: PruneSettings;
  readonly scores: SharedScores;
}

export async function measureDense(comparison: Comparison, modelIdentity: string): Promise<MeasuredModel> {
  const checkpoint = heldIfFits(comparison.checkpoint);
  return {
    method: 'dense',
    settings: null,
    ...(await countZeros(checkpoint)),
    ...(await measure(comparison, checkpoint, modelIdentity, { scoring: 0, pruning: 0 })),
    mixTokens: null,
    notes: [],
  };
}

/** Summaries hold the weights a second time, on the device, and the table of embeddings a third. */
const COPIES = 3;

const heldIfFits = (checkpoint: Checkpoint): Checkpoint =>
  weightsFit(checkpoint, COPIES) ? heldCheckpoint(checkpoint) : checkpoint;

/** Prunes by a method, from scores that are made only once, and measures what the engine would export. */
export async function pruneAndMeasure(
  comparison: Comparison,
  { identity, modelIdentity, method, settings, scores }: ModelToPrune,
): Promise<MeasuredModel> {
  const { checkpoint, calibration, work } = comparison;
  const needs = needsOf(settings, false);
  const mix = mixOf(calibration, settings, needs);
  const { run, scoring } = await openRun(comparison, scores);
  try {
    if (needs.general || needs.statistics.length > 0)
      await work.timed(scoring, () => score(comparison, run, scores));
    const pruning = `pruning ${identity}`;
    const { masked, zeros, size } = await work.timed(pruning, async () => {
      if (needs.outliers) await countOutliers(run, checkpoint, mix, comparison);
      if (needs.layerwise) await pruneByLayers(run, checkpoint, mix, settings, comparison);
      const masked = heldIfFits(maskedCheckpoint(checkpoint, prunedByRun(run, checkpoint, settings)));
      return { masked, ...(await countZeros(masked)) };
    });
    const { notes, prunedNotes } = run.record;
    const isScored = needs.general || needs.statistics.length > 0;
    const seconds = {
      scoring: isScored ? work.secondsOf(scoring) : 0,
      pruning: work.secondsOf(pruning),
    };
    const measured = await measure(comparison, masked, modelIdentity, seconds);
    // The next method puts its own layers there; the masks from scores take seconds.
    for (const part of ['pruned', 'chosen'] as const) await run.store.remove(part);
    await run.save({ prunedFrom: null, prunedNotes: [] });
    return {
      method,
      settings,
      zeros,
      size,
      ...measured,
      mixTokens: describeTokens(mix),
      notes: [...(isScored ? notes : []), ...(needs.layerwise ? prunedNotes : [])],
    };
  } finally {
    await run.close();
  }
}

/** The run of these scores, new or from an earlier start: its folder is named by all that they depend on. */
async function openRun({ checkpoint, calibration, work }: Comparison, { settings, needs }: SharedScores) {
  const scoringNeeds = { ...needs, layerwise: false, outliers: false };
  const record = await newRecord(checkpoint, settings, calibration, scoringNeeds);
  const identity = identityOf({ ...record, createdAt: null, calibration: null });
  const run = await RunFolder.start(work.runDir(identity), record, { resume: true, force: false });
  return { run, scoring: `scoring ${identity}` };
}

async function score(comparison: Comparison, run: RunFolder, { settings, needs }: SharedScores) {
  if (run.record.finished) return;
  const { checkpoint, calibration, work, lenders = [] } = comparison;
  const others = [...(await work.runDirs()), ...lenders];
  await borrowScores(run, needs, checkpoint.config.numHiddenLayers, others);
  await scoreAll(run, checkpoint, calibration, needs, { ...comparison, settings, dumpImportanceDir: null });
}

async function measure(
  comparison: Comparison,
  checkpoint: Checkpoint,
  modelIdentity: string,
  spent: Pick<MeasuredModel['seconds'], 'scoring' | 'pruning'>,
): Promise<Pick<MeasuredModel, 'perplexities' | 'tasks' | 'seconds'>> {
  const { texts, tasks, work, onProgress, signal } = comparison;
  const startedAtMs = performance.now();
  const perplexities: MeasuredModel['perplexities'] = [];
  for (const [index, text] of texts.entries()) {
    const later =
      tasks.length > 0 ? undefined : texts.slice(index + 1).reduce((sum, one) => sum + sizeOf(one), 0);
    const { perplexity, meanNll, scoredTokens, windows } = await measureText(
      checkpoint,
      text,
      withLater(onProgress, later && later / sizeOf(text)),
      signal,
    );
    perplexities.push({ perplexity, meanNll, scoredTokens, windows });
  }
  const outcomes: MeasuredModel['tasks'] = [];
  for (const task of tasks) {
    const identity = identityOf({ modelIdentity, task: decisiveFacts(task) });
    const report = withTask(task, onProgress);
    outcomes.push(await work.keptOutcomes(identity, () => measureTask(checkpoint, task, report, signal)));
  }
  const measuring = (performance.now() - startedAtMs) / 1000;
  return { perplexities, tasks: outcomes, seconds: { ...spent, measuring } };
}

const sizeOf = ({ windows }: EvaluatedText): number =>
  windows.reduce((total, { inputIds }) => total + inputIds.length, 0);

/**
 * Adds the time of the texts that follow.
 * @param later how many times this text they are together; undefined where more follows that cannot be told
 */
function withLater(onProgress: OnProgress, later: number | undefined): OnProgress {
  const startedAtMs = performance.now();
  return ({ remainingMs, ...progress }) => {
    if (later === undefined || remainingMs === undefined) return onProgress(progress);
    const spentMs = performance.now() - startedAtMs;
    onProgress({ ...progress, remainingMs: remainingMs + later * (spentMs + remainingMs) });
  };
}

/** What a task's outcomes depend on, wherever its files lie and whatever it is called. */
export function decisiveFacts({ facts: { label: _, files, ...facts } }: PreparedTask): unknown {
  return { ...facts, files: files.map(({ sha256 }) => sha256) };
}

function withTask({ facts }: PreparedTask, onProgress: OnProgress): OnProgress {
  return (progress) => onProgress({ ...progress, message: facts.label });
}

/** Reads all prunable weights as they are measured. */
async function countZeros(checkpoint: Checkpoint): Promise<{ zeros: number; size: number }> {
  let zeros = 0;
  let size = 0;
  for (const name of prunableWeights(checkpoint).keys()) {
    const values = await checkpoint.readFloat32(name);
    for (let m = 0; m < values.length; m++) if (values[m] === 0) zeros++;
    size += values.length;
  }
  return { zeros, size };
}
