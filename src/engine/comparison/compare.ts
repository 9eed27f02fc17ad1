import type { OnProgress } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type EvaluatedText, readEvaluatedText } from '../evaluation/evaluated-text.ts';
import { assertMaskSettings } from '../pruning/grouping.ts';
import { appVersion } from '../run/app-version.ts';
import { modelFingerprint } from '../run/fingerprint.ts';
import { type CalibrationTokens, loadCalibration } from '../run/load-calibration.ts';
import { needsOf } from '../run/needs.ts';
import { describeTokens } from '../run/new-record.ts';
import { currentBackend, openBackend } from '../tensor/backend.ts';
import type { CompareReport, CompareRequest, ComparisonRow, MeasuredModel } from './comparison.ts';
import { type Comparison, measureDense, pruneAndMeasure } from './measure-model.ts';
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
    await openBackend(request.backend);
    const work = await WorkFolder.open(request.workDir);
    try {
      const needs = models.map(({ settings }) => needsOf(settings, false)).reduce(together);
      const calibration = await loadCalibration(checkpoint, request.calibration, request.settings, needs);
      const { keepExact = false } = request;
      const options = { keepExact, onProgress, ...(signal && { signal }) };
      const comparison = { checkpoint, calibration, texts, work, ...options };
      const rows = await measureAll(comparison, models);
      return await reportOf(request, comparison, rows);
    } finally {
      await work.close();
    }
  } finally {
    await checkpoint.close();
  }
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
  const { checkpoint, calibration, texts, work, onProgress } = comparison;
  const figuresOf = texts.map(({ sha256, window, stride, maxTokens, windows }) => {
    const tokens = windows.reduce((total, { inputIds }) => total + inputIds.length, 0); // tells text from token ids
    return { sha256, window, stride, maxTokens, tokens };
  });
  const decisive = {
    appVersion,
    model: await modelFingerprint(checkpoint),
    backend: currentBackend(),
    texts: figuresOf,
  };
  const rows: MeasuredModel[] = [];
  for (const model of [null, ...models]) {
    const { settings = null, method = 'dense' } = model ?? {};
    const tokens = settings && tokensOf(calibration, settings);
    const identity = identityOf({ ...decisive, settings, tokens });
    let row = await work.readRow(identity);
    if (!row) {
      const message = `${describe(method, settings)} (${rows.length + 1} of ${models.length + 1})`;
      const within: Comparison = {
        ...comparison,
        // The time left is that of one part of one row.
        onProgress: ({ remainingMs: _, ...progress }) => onProgress({ ...progress, message }),
      };
      row = model ? await pruneAndMeasure(within, { ...model, identity }) : await measureDense(within);
      await work.saveRow(identity, row);
    }
    rows.push({ ...row, method }); // the same settings may have been written otherwise
  }
  return rows;
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
  { checkpoint, calibration, texts, work }: Comparison,
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
    rows,
    workDir: work.dir,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}
