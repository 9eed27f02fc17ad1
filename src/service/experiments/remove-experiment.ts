import { UserError } from '../../contract/error.ts';
import { removeFromBackups } from '../../history/backups.ts';
import type { Keeper } from '../keeper.ts';
import { folderBytes } from '../runs/run-files.ts';
import { subject } from '../work/work-queue.ts';
import { removeExperimentFiles } from './experiment-files.ts';

/**
 * Deletes an experiment: report, working files, its row here and in the backups. The audit trail keeps that it was.
 * @returns bytes that were freed
 * @throws UserError EXPERIMENT_STATUS while it is at work or waiting
 */
export async function removeExperiment(
  { folders, experiments, audit, history, log }: Keeper,
  id: number,
  action: 'experiment.removed' | 'experiment.expired',
): Promise<number> {
  const { summary } = await experiments.get(id);
  const { name, status } = summary;
  if (status === 'running' || status === 'queued') {
    throw new UserError(
      'EXPERIMENT_STATUS',
      `“${name}” is ${status}, so it cannot be deleted.`,
      'Cancel it first.',
    );
  }
  const freedBytes = await folderBytes(folders.experiment(id));
  await removeExperimentFiles(folders, id);
  await experiments.remove(id);
  // What was deleted is overwritten in the database; the journal still holds the pages of before.
  history.database.pragma('wal_checkpoint(TRUNCATE)');
  for (const file of removeFromBackups(history.backupFolder, 'experiments', id))
    log.warn('a backup could not be opened', { file });
  await audit.append(action, subject('experiment', summary), {});
  return freedBytes;
}
