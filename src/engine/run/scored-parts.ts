import { UserError } from '../../contract/error.ts';
import { selectionOf } from '../../contract/settings.ts';
import { correlationName } from '../importance/score-store.ts';
import { INPUT_GROUPS } from '../model/input-groups.ts';
import { type Criterion, correlationPart, partsOf } from '../pruning/methods/d-pruner.ts';
import type { RunFolder } from './run-folder.ts';

/** That a finished run has what a criterion's masks are made from. @throws UserError SCORES_MISSING */
export async function assertScored(run: RunFolder, settings: Criterion): Promise<void> {
  const { criterion } = settings;
  const lacking = partsOf(criterion).filter((part) => !run.store.has(part, 0));
  if (lacking.length > 0)
    throw new UserError(
      'SCORES_MISSING',
      `The run in ${run.dir} has no ${lacking.join(' and ')} scores, which the criterion ${criterion} needs; it was made with ${run.record.settings.criterion}.`,
      `Choose --criterion ${run.record.settings.criterion}, or prune again with --criterion ${criterion}.`,
    );
  if (selectionOf(settings) === 'joint' && !(await hasCorrelations(run, criterion)))
    throw new UserError(
      'SCORES_MISSING',
      `The run in ${run.dir} did not keep how the inputs go together, which a joint selection needs: it had no general pass, or was made by an earlier version.`,
      'Choose --selection single, or prune again.',
    );
}

async function hasCorrelations({ store }: RunFolder, criterion: Criterion['criterion']): Promise<boolean> {
  const part = correlationPart(criterion);
  if (!store.has(part, 0)) return false;
  const { tensors } = await store.read(part, 0, [correlationName(INPUT_GROUPS[0])]);
  return tensors.size > 0;
}
