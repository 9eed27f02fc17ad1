import type { RunStatus } from '../../src/contract/run.ts';
import type { RunProgress } from '../../src/contract/run-progress.ts';

export const statusTitles: Record<RunStatus, string> = {
  queued: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  interrupted: 'Interrupted',
  failed: 'Failed',
  cancelled: 'Cancelled',
  finished: 'Finished',
};

export const stepTitles: Record<RunProgress['step'], string> = {
  'measure-dense': 'Measure the original model',
  prune: 'Prune',
  'measure-pruned': 'Measure the pruned model',
};
