import { UserError } from '../../contract/error.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import { partsOf } from '../pruning/methods/d-pruner.ts';
import type { RunFolder } from './run-folder.ts';

/** That a finished run has what a criterion's masks are made from. @throws UserError SCORES_MISSING */
export function assertScored(run: RunFolder, criterion: PruneSettings['criterion']): void {
  const lacking = partsOf(criterion).filter((part) => !run.store.has(part, 0));
  if (lacking.length === 0) return;
  throw new UserError(
    'SCORES_MISSING',
    `The run in ${run.dir} has no ${lacking.join(' and ')} scores, which the criterion ${criterion} needs; it was made with ${run.record.settings.criterion}.`,
    `Choose --criterion ${run.record.settings.criterion}, or prune again with --criterion ${criterion}.`,
  );
}
