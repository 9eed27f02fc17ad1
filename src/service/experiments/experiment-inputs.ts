import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { ExperimentRequest } from '../../contract/experiment-request.ts';
import type { StoredRun } from '../../history/run-row.ts';
import { DEMO_MODEL } from '../demo.ts';
import type { Keeper } from '../keeper.ts';
import { filesOf } from '../runs/run-inputs.ts';
import type { ExperimentJob } from '../runs/worker-message.ts';

/** Every file that an experiment reads, with what it is for; not those of runs, which are ours. */
export function experimentFiles(request: ExperimentRequest): { part: string; path: string }[] {
  if ('calibration' in request) return filesOf(request);
  return 'text' in request ? [{ part: 'text', path: request.text }] : [];
}

/** The model that an experiment is about. @throws UserError RUN_UNKNOWN */
export async function modelOf(
  { runs, models }: Keeper,
  request: ExperimentRequest,
): Promise<{ modelDir: string; modelName: string }> {
  if ('runIds' in request) {
    const { summary } = await runs.get(request.runIds[0] ?? 0);
    return { modelDir: summary.modelDir, modelName: summary.modelName };
  }
  const { modelDir } = request;
  const isDemo = resolve(modelDir) === resolve(DEMO_MODEL);
  return { modelDir, modelName: isDemo ? 'Demo model' : await models.nameOf(modelDir) };
}

/**
 * The runs whose scores an experiment looks into; of a sweep the one that lends its scores, if it still has any.
 * @throws UserError RUN_UNKNOWN, SCORES_MISSING
 */
export async function runsFor(keeper: Keeper, request: ExperimentRequest): Promise<ExperimentJob['runs']> {
  if ('lender' in request) return request.lender === null ? [] : lenderFor(keeper, request.lender);
  if (!('runIds' in request)) return [];
  const found = await Promise.all([...new Set(request.runIds)].map((id) => keeper.runs.get(id)));
  const withoutScores = found.find((run) => !hasScores(keeper, run));
  if (withoutScores) throw noScores(withoutScores);
  const names = found.map(({ summary }) => summary.name);
  return found.map(({ summary: { id, name } }) => ({
    name: names.filter((other) => other === name).length > 1 ? `${name} (run ${id})` : name,
    runDir: keeper.folders.engineRun(id),
  }));
}

/** A run that was deleted in the meantime lends nothing; then everything is scored anew. */
async function lenderFor(keeper: Keeper, id: number): Promise<ExperimentJob['runs']> {
  const run = await keeper.runs.get(id).catch(() => null);
  if (!run || !hasScores(keeper, run)) return [];
  return [{ name: run.summary.name, runDir: keeper.folders.engineRun(id) }];
}

const hasScores = ({ folders }: Keeper, { summary }: StoredRun): boolean =>
  summary.status === 'finished' && summary.method === 'd-pruner' && existsSync(folders.engineRun(summary.id));

const noScores = ({ summary: { name, status, method } }: StoredRun) =>
  new UserError(
    'SCORES_MISSING',
    status !== 'finished'
      ? `“${name}” has no scores to look into: it is ${status}.`
      : `“${name}” has no scores to look into: ${method === 'd-pruner' ? 'they were removed' : `${method} leaves none`}.`,
    'Choose finished runs by D-Pruner whose scores were kept.',
  );
