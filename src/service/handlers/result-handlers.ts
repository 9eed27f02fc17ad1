import { readFile } from 'node:fs/promises';
import { UserError } from '../../contract/error.ts';
import { type ImportanceDistributions, importanceDistributions } from '../../contract/importance.ts';
import type { RunResult } from '../../contract/result.ts';
import { HISTOGRAM_BINS } from '../../engine/importance/joint-histogram.ts';
import { LARGEST_CODE } from '../../engine/importance/log-code.ts';
import type { StoredRun } from '../../history/run-row.ts';
import type { Keeper } from '../keeper.ts';
import { predict, type Scores } from '../results/predict.ts';
import { hasBoth, partsIn, readJointHistograms } from '../results/score-files.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { HandlersOf } from './handlers.ts';

/** Histograms of so many runs are kept in memory; a run's are a few MB. */
const REMEMBERED_RUNS = 4;

export function resultHandlers({ runs, folders, policy }: Keeper, tasks: TaskRunner): HandlersOf<'results'> {
  const remembered = new Map<number, Promise<Scores>>();
  const scoresOf = (runId: number): Promise<Scores> => {
    const known = remembered.get(runId);
    if (known) return known;
    const [oldest] = remembered.keys();
    if (remembered.size >= REMEMBERED_RUNS && oldest !== undefined) remembered.delete(oldest);
    const read = readScores(runId);
    remembered.set(runId, read);
    read.catch(() => remembered.delete(runId));
    return read;
  };
  const readScores = async (runId: number): Promise<Scores> => ({
    joint: await readJointHistograms(folders.engineRun(runId)),
    distributions: await readDistributions(folders.distributions(runId)),
  });

  return {
    'results.get': async ({ runId }) => resultOf(await runs.get(runId), folders.engineRun(runId)),
    'results.distributions': async ({ runId }) => {
      assertPruned(await runs.get(runId));
      return readDistributions(folders.distributions(runId));
    },
    'results.histogram': async ({ runId, layer, module }) => {
      assertPruned(await runs.get(runId));
      const { joint } = await scoresOf(runId);
      const found = joint.find((matrix) => matrix.layer === layer && matrix.module === module);
      if (!found) throw noScores();
      const range = ({ low, step }: { low: number; step: number }) => ({
        low,
        high: low + LARGEST_CODE * step,
      });
      return {
        bins: HISTOGRAM_BINS,
        counts: [...found.counts],
        ...{ general: range(found.general), domain: range(found.domain) },
      };
    },
    'results.predict': async ({ runId, sparsity, mu }) => {
      const startedAtMs = performance.now();
      const { request } = assertPruned(await runs.get(runId));
      if (request.settings.method === 'magnitude') throw noScores();
      const predicted = predict(await scoresOf(runId), request.settings.criterion, sparsity, mu);
      return { ...predicted, elapsedMs: performance.now() - startedAtMs };
    },
    'results.answers': async ({ runId, prompt, maxNewTokens }) => {
      const { request } = assertPruned(await runs.get(runId));
      const { modelDir, outDir, backend } = request;
      policy.assertAllowed(modelDir, outDir);
      // One after the other: each wants the memory of a whole model.
      const ask = (dir: string) => tasks.run('answer', { modelDir: dir, prompt, maxNewTokens, backend });
      const dense = await ask(modelDir);
      return { dense, pruned: await ask(outDir) };
    },
    'results.similarity': async ({ runIds }) => {
      const chosen = await Promise.all(
        [...new Set(runIds)].map(async (id) => assertPruned(await runs.get(id))),
      );
      return tasks.run(
        'compare-masks',
        chosen.map(({ summary, request }) => ({
          ...{ runId: summary.id, name: summary.name, modelDir: request.modelDir },
          ...{ engineRun: folders.engineRun(summary.id), settings: request.settings },
        })),
      );
    },
  };
}

/** @throws UserError RUN_UNFINISHED */
export function resultOf(run: StoredRun, engineRun: string): RunResult {
  const { outcome, summary } = assertPruned(run);
  const parts = partsIn(engineRun);
  return {
    runId: summary.id,
    texts: outcome.texts,
    tasks: outcome.tasks.map(({ result }) => result),
    ...outcome.report,
    hasScores: parts.length > 0,
    hasBothImportances: hasBoth(parts),
  };
}

type PrunedRun = StoredRun & { outcome: { report: NonNullable<StoredRun['outcome']['report']> } };

function assertPruned(run: StoredRun): PrunedRun {
  const { outcome, summary } = run;
  const { report } = outcome;
  if (report) return { ...run, outcome: { ...outcome, report } };
  throw new UserError(
    'RUN_UNFINISHED',
    `“${summary.name}” has no results yet: it is ${summary.status}.`,
    'Wait until it has finished, or resume it.',
  );
}

/** @throws UserError SCORES_MISSING */
export async function readDistributions(file: string): Promise<ImportanceDistributions> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw noScores();
  return importanceDistributions.parse(JSON.parse(text));
}

const noScores = () =>
  new UserError(
    'SCORES_MISSING',
    'This run has kept no scores: it was made by magnitude, or its scores were removed.',
    'Run it again with the setting “keep scores”.',
  );
