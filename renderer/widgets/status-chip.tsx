import Chip from '@mui/material/Chip';
import type { RunStatus, RunSummary } from '../../src/contract/run.ts';
import { statusTitles } from '../words/run-words.ts';

const colours = {
  queued: 'default',
  running: 'primary',
  paused: 'warning',
  interrupted: 'warning',
  failed: 'error',
  cancelled: 'default',
  finished: 'success',
} as const satisfies Record<RunStatus, string>;

/** A run's status as a word and a colour. */
export function StatusChip({ run }: { readonly run: Pick<RunSummary, 'status' | 'stopping'> }) {
  const stopping = run.stopping === 'pause' ? 'Pausing…' : 'Cancelling…';
  return (
    <Chip
      size="small"
      variant="outlined"
      color={colours[run.status]}
      label={run.stopping === null ? statusTitles[run.status] : stopping}
    />
  );
}
