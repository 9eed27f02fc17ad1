import { rm } from 'node:fs/promises';
import type { RunSummary } from '../../contract/run.ts';
import type { Keeper } from '../keeper.ts';
import { framesOf } from '../to-problem.ts';
import { removePartialOutputs } from './own-output.ts';
import { removeScratch, waitForOwner } from './run-files.ts';
import { subject } from './run-queue.ts';

const LEFT = {
  code: 'SERVICE_DIED',
  message: 'The computer or the application went down while this run was at work.',
  fix: 'Resume the run: it goes on from the last finished layer.',
};

/**
 * Puts in order what a crash or a power loss left: what was at work becomes `interrupted`, to be resumed; scratch files and
 * half-written outputs are removed, in the background where a worker of the dead service is still about to end.
 * @returns the runs that were found at work
 */
export async function recover(keeper: Keeper): Promise<RunSummary[]> {
  const at = new Date().toISOString();
  const found: RunSummary[] = [];
  for (const { summary } of await keeper.runs.withStatus('running')) {
    const ended = await keeper.runs.end(summary.id, 'interrupted', { at, workedMs: 0, problem: LEFT });
    await keeper.audit.append('run.interrupted', subject(summary), { code: LEFT.code });
    keeper.log.warn('run was at work when the service went down', { run: summary.id });
    found.push(ended.summary);
  }
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
  void clean(keeper, found);
  return found;
}

async function clean({ folders, log }: Keeper, runs: readonly RunSummary[]): Promise<void> {
  try {
    await rm(folders.temporaryOfTasks, { recursive: true, force: true });
    for (const { id, outDir } of runs) {
      await waitForOwner(folders.engineRun(id));
      removeScratch(folders, id);
      await removePartialOutputs(outDir);
    }
  } catch (error) {
    log.error('left files could not be removed', { where: framesOf(error) });
  }
}

const lostExport = (outDir: string) => ({
  code: 'SERVICE_DIED',
  message: `The computer or the application went down while ${outDir} was written; nothing of it is left.`,
  fix: 'Export again; it takes no calibration.',
});
