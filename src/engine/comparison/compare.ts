import type { OnProgress } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type EvaluatedText, readEvaluatedText } from '../evaluation/evaluated-text.ts';
import { prepareTask } from '../evaluation/tasks/prepare-task.ts';
import type { PreparedTask } from '../evaluation/tasks/prepared-task.ts';
import { taskResult } from '../evaluation/tasks/task-result.ts';
import { sizesOfSamples } from '../planning/token-counts.ts';
import { pruningBesideReading } from '../planning/work-beside.ts';
import { assertMaskSettings } from '../pruning/grouping.ts';
import { appVersion } from '../run/app-version.ts';
import { modelFingerprint } from '../run/fingerprint.ts';
import { type CalibrationTokens, loadCalibration } from '../run/load-calibration.ts';
import { needsOf } from '../run/needs.ts';
import { describeTokens } from '../run/new-record.ts';
import { currentBackend, openBackend } from '../tensor/backend.ts';
import type { CompareReport, CompareRequest, ComparisonRow, MeasuredModel } from './comparison.ts';
import { ComparisonClock } from './comparison-clock.ts';
import { type Comparison, decisiveFacts, measureDense, pruneAndMeasure } from './measure-model.ts';
import { methodPairs } from './method-pairs.ts';
import { type SharedScores, shareScores, together } from './shared-scores.ts';
import { identityOf, WorkFolder } from './work-folder.ts';

/** A model to be pruned and measured. */
interface ToMeasure {
  readonly method: string;
  readonly settings: PruneSettings;
  readonly scores: SharedScores;
}

/**
 * Prunes a model by several methods on one calibration and measures each result on the same texts; nothing is exported. What
 * methods can share is made once: token ids, D-Pruner's scores, the texts. A model that was measured by an earlier
 * start in the same work folder is not measured again.
 * @throws UserError for anything the user can mend; Interrupted when `signal` is aborted
 */
export async function compare(
  request: CompareRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<CompareReport> {
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const models = modelsToMeasure(request, checkpoint);
    const texts: EvaluatedText[] = [];
    for (const text of request.texts) texts.push(await readEvaluatedText(checkpoint, text, request));
    const tasks = await prepareTasks(checkpoint, request);
    await openBackend(request.backend);
    const work = await WorkFolder.open(request.workDir);
    try {
      const needs = models.map(({ settings }) => needsOf(settings, false)).reduce(together);
      const calibration = await loadCalibration(checkpoint, request.calibration, request.settings, needs);
      const { keepExact = false, lenders = [] } = request;
      const options = { keepExact, lenders, onProgress, ...(signal && { signal }) };
      const comparison = { checkpoint, calibration, texts, tasks, work, ...options };
      const rows = await measureAll(comparison, models);
      return await reportOf(request, comparison, rows);
    } finally {
      await work.close();
    }
  } finally {
    await checkpoint.close();
  }
}

async function prepareTasks(checkpoint: Checkpoint, request: CompareRequest): Promise<PreparedTask[]> {
  const { tasks = [], items = null, maxNewTokens = null, settings, window, stride, maxTokens } = request;
  const options = { items, seed: settings.seed, maxNewTokens, window, stride, maxTokens };
  const prepared: PreparedTask[] = [];
  for (const task of tasks) prepared.push(await prepareTask(checkpoint, task, options));
  return prepared;
}

function modelsToMeasure(
  { methods, sparsities, settings: shared }: CompareRequest,
  checkpoint: Checkpoint,
): ToMeasure[] {
  const models = sparsities.flatMap((sparsity) =>
    methods.map(({ name, settings }) => ({ method: name, settings: { ...shared, ...settings, sparsity } })),
  );
  for (const { settings } of models) assertMaskSettings(settings, checkpoint.config);
  const scores = shareScores(
    shared,
    models.map(({ settings }) => settings),
  );
  return models.map((model, i) => ({ ...model, scores: scores[i] }));
}

async function measureAll(
  comparison: Comparison,
  models: readonly ToMeasure[],
): Promise<readonly MeasuredModel[]> {
  const { checkpoint, calibration, work, onProgress } = comparison;
  const of = { appVersion, model: await modelFingerprint(checkpoint), backend: currentBackend() };
  const measuredOn = decisiveOf(comparison);
  const clock = clockOf(comparison, models);
  const rows: MeasuredModel[] = [];
  for (const model of [null, ...models]) {
    const { settings = null, method = 'dense' } = model ?? {};
    const decisive = { settings, tokens: settings && tokensOf(calibration, settings) };
    const identity = identityOf({ ...of, ...measuredOn, ...decisive });
    const modelIdentity = identityOf({ ...of, ...decisive });
    let row = await work.readRow(identity);
    if (!row) {
      const message = `${describe(method, settings)} (${rows.length + 1} of ${models.length + 1})`;
      const within: Comparison = {
        ...comparison,
        onProgress: (progress) => {
          const { remainingMs: _, message: part, ...rest } = progress;
          const remainingMs = clock.remainingMs(progress);
          onProgress({
            ...rest,
            ...(remainingMs !== undefined && { remainingMs }),
            message: part === undefined ? message : `${message}, ${part}`,
          });
        },
      };
      row = model
        ? await pruneAndMeasure(within, { ...model, identity, modelIdentity })
        : await measureDense(within, modelIdentity);
      await work.saveRow(identity, row);
    }
    clock.finished(row);
    rows.push({ ...row, method }); // the same settings may have been written otherwise
  }
  return rows;
}

function clockOf(comparison: Comparison, models: readonly ToMeasure[]): ComparisonClock {
  const rows = models.map(({ settings, scores }) => {
    const { general, statistics } = needsOf(settings, false);
    return { scores: general || statistics.length > 0 ? scores : null };
  });
  return new ComparisonClock([{ scores: null }, ...rows], scoringBesideMeasuring(comparison, models));
}

/** By how many operations each is. */
function scoringBesideMeasuring(
  { checkpoint, calibration, texts, tasks }: Comparison,
  models: readonly ToMeasure[],
): number | null {
  const settings = models.at(0)?.scores.settings;
  if (!settings) return null;
  const { domain, open } = calibration;
  const sizes = sizesOfSamples(domain, open, settings, needsOf(settings, false));
  // How many operations a task is cannot be told beforehand.
  const tokens = tasks.length > 0 ? 0 : texts.reduce((sum, { windows }) => sum + tokensIn(windows), 0);
  return pruningBesideReading(checkpoint.config, settings, tokens, sizes);
}

const tokensIn = (windows: EvaluatedText['windows']): number =>
  windows.reduce((total, { inputIds }) => total + inputIds.length, 0);

/** What all rows are measured on. */
function decisiveOf({ texts, tasks }: Comparison) {
  const figuresOf = texts.map(({ sha256, window, stride, maxTokens, windows }) => {
    return { sha256, window, stride, maxTokens, tokens: tokensIn(windows) }; // the count tells text from token ids
  });
  return { texts: figuresOf, ...(tasks.length > 0 && { tasks: tasks.map(decisiveFacts) }) };
}

const describe = (method: string, settings: PruneSettings | null): string =>
  settings ? `${method} at ${Number((100 * settings.sparsity).toFixed(2))} %` : method;

/** The token ids that a method has to do with. */
function tokensOf({ domain, open }: CalibrationTokens, settings: PruneSettings) {
  const needs = needsOf(settings, false);
  return {
    domain: needs.domain ? describeTokens(domain) : null,
    open: needs.open ? describeTokens(open) : null,
  };
}

async function reportOf(
  { settings, texts: named }: CompareRequest,
  { checkpoint, calibration, texts, tasks, work }: Comparison,
  models: readonly MeasuredModel[],
): Promise<CompareReport> {
  const [dense] = models;
  const rows = models.map((model): ComparisonRow => {
    const perplexities = named.map(({ name }, i) => {
      const figures = model.perplexities[i];
      return [name, { ...figures, change: figures.perplexity / dense.perplexities[i].perplexity - 1 }];
    });
    return {
      ...model,
      sparsity: model.zeros / model.size,
      perplexities: Object.fromEntries(perplexities),
      tasks: taskFigures(tasks, model, model === dense ? null : dense),
    };
  });
  return {
    appVersion,
    finishedAt: new Date().toISOString(),
    modelDir: checkpoint.dir,
    modelFingerprint: await modelFingerprint(checkpoint),
    backend: currentBackend(),
    settings,
    domainTokens: describeTokens(calibration.domain),
    openTokens: describeTokens(calibration.open),
    calibration: calibration.report,
    texts: texts.map(({ windows: _, ...text }, i) => ({ name: named[i].name, ...text })),
    tasks: tasks.map(({ facts }) => facts),
    rows,
    pairs: methodPairs(tasks, models),
    workDir: work.dir,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** All rows but the dense one's are compared with it on the same items. */
function taskFigures(
  tasks: readonly PreparedTask[],
  model: MeasuredModel,
  dense: MeasuredModel | null,
): ComparisonRow['tasks'] {
  const named = tasks.map(({ facts: { label, definition, seed } }, i) => {
    return [label, taskResult(definition, model.tasks[i], dense?.tasks[i] ?? null, seed)] as const;
  });
  return Object.fromEntries(named);
}
