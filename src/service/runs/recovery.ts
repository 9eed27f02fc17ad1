import { rmSync } from 'node:fs';
import type { RunSummary } from '../../contract/run.ts';
import { removeExperimentScratch } from '../experiments/experiment-files.ts';
import type { Keeper } from '../keeper.ts';
import { framesOf } from '../to-problem.ts';
import { subject } from '../work/work-queue.ts';
import { removePartialOutputs } from './own-output.ts';
import { removeScratch, waitForOwner } from './run-files.ts';

const LEFT = {
  code: 'SERVICE_DIED',
  message: 'The computer or the application went down while this run was at work.',
  fix: 'Resume the run: it goes on from the last finished layer.',
};

export interface Recovery {
  /** The runs that were found at work. */
  readonly interrupted: RunSummary[];
  /** Nothing is removed any more; before that a resumed run would lose what it has just written. */
  readonly cleaned: Promise<void>;
}

/**
 * Puts in order what a crash or a power loss left: what was at work becomes `interrupted`, to be resumed; scratch files and
 * half-written outputs are removed, in the background where a worker of the dead service is still about to end.
 */
export async function recover(keeper: Keeper): Promise<Recovery> {
  const at = new Date().toISOString();
  const found: RunSummary[] = [];
  for (const { summary } of await keeper.runs.withStatus('running')) {
    const ended = await keeper.runs.end(summary.id, 'interrupted', { at, workedMs: 0, problem: LEFT });
    await keeper.audit.append('run.interrupted', subject('run', summary), { code: LEFT.code });
    keeper.log.warn('run was at work when the service went down', { run: summary.id });
    found.push(ended.summary);
  }
  const experiments = await recoverExperiments(keeper, at);
  for (const left of await keeper.exports.running()) {
    await keeper.exports.save({
      ...left,
      status: 'failed',
      endedAt: at,
      progress: null,
      problem: lostExport(left.outDir),
    });
    await removePartialOutputs(left.outDir);
  }
  return { interrupted: found, cleaned: clean(keeper, found, experiments) };
}

/** @returns the ids of those that were found at work */
async function recoverExperiments({ experiments, audit, log }: Keeper, at: string): Promise<number[]> {
  const found = await experiments.withStatus('running');
  for (const { summary } of found) {
    await experiments.end(summary.id, 'interrupted', { at, workedMs: 0, problem: LEFT_EXPERIMENT });
    await audit.append('experiment.interrupted', subject('experiment', summary), {
      code: LEFT_EXPERIMENT.code,
    });
    log.warn('experiment was at work when the service went down', { experiment: summary.id });
  }
  return found.map(({ summary }) => summary.id);
}

async function clean(
  { folders, log }: Keeper,
  runs: readonly RunSummary[],
  experiments: readonly number[],
): Promise<void> {
  try {
    rmSync(folders.temporaryOfTasks, { recursive: true, force: true }); // at once: exports wait for nothing
    for (const { id, outDir } of runs) {
      await waitForOwner(folders.engineRun(id));
      removeScratch(folders, id);
      await removePartialOutputs(outDir);
    }
    for (const id of experiments) {
      await waitForOwner(folders.experimentWork(id));
      removeExperimentScratch(folders, id);
    }
  } catch (error) {
    log.error('left files could not be removed', { where: framesOf(error) });
  }
}

const LEFT_EXPERIMENT = {
  code: 'SERVICE_DIED',
  message: 'The computer or the application went down while this experiment was at work.',
  fix: 'Resume it: finished points and layers are kept.',
};

const lostExport = (outDir: string) => ({
  code: 'SERVICE_DIED',
  message: `The computer or the application went down while ${outDir} was written; nothing of it is left.`,
  fix: 'Export again; it takes no calibration.',
});
