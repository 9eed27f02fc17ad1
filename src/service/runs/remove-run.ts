import { UserError } from '../../contract/error.ts';
import type { RunSummary } from '../../contract/run.ts';
import { removeFromBackups } from '../../history/backups.ts';
import type { Keeper } from '../keeper.ts';
import { subject } from '../work/work-queue.ts';
import { removeOutput, removePartialOutputs } from './own-output.ts';
import { folderBytes, removeRunFiles } from './run-files.ts';

export interface RemovalOptions {
  /** The pruned model, too. */
  readonly withOutput: boolean;
  readonly action: 'run.removed' | 'run.expired';
}

/**
 * Deletes a run: scores, scratch and temporary files, its rows here and in the backups. The audit trail keeps that it was.
 * @returns bytes that were freed
 * @throws UserError RUN_STATUS while it is at work or waiting
 */
export async function removeRun(
  keeper: Keeper,
  id: number,
  { withOutput, action }: RemovalOptions,
): Promise<number> {
  const { folders, runs, audit, history, log } = keeper;
  const { summary, request, outcome } = await runs.get(id);
  if (summary.status === 'running' || summary.status === 'queued') throw atWork(summary);
  let freedBytes = await folderBytes(folders.run(id));
  await removeRunFiles(folders, id);
  await removePartialOutputs(summary.outDir);
  if (withOutput) {
    const bytes = await folderBytes(summary.outDir);
    if (await removeOutput(summary.outDir, request.modelDir, outcome.report?.weightFiles ?? [])) {
      freedBytes += bytes - (await folderBytes(summary.outDir));
    }
  }
  await runs.remove(id);
  // What was deleted is overwritten in the database; the journal still holds the pages of before.
  history.database.pragma('wal_checkpoint(TRUNCATE)');
  const unreadable = removeFromBackups(history.backupFolder, 'runs', id);
  for (const file of unreadable) log.warn('a backup could not be opened', { file });
  await audit.append(action, subject('run', summary), { withOutput });
  return freedBytes;
}

const atWork = ({ name, status }: RunSummary) =>
  new UserError('RUN_STATUS', `“${name}” is ${status}, so it cannot be deleted.`, 'Cancel it first.');
