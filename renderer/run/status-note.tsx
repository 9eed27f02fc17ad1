import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import type { RunStatus, RunSummary } from '../../src/contract/run.ts';
import { goTo } from '../shell/route.ts';
import { useAnnouncedStatus } from '../shell/use-announced-status.ts';

const notes: Partial<Record<RunStatus, string>> = {
  paused:
    'Paused. Finished layers are kept; Resume goes on from there, also after a restart of the computer.',
  interrupted:
    'The run was interrupted by a crash, a power loss or the end of the application. Finished layers are kept.',
  cancelled: 'The run was given up. Its scores and working files are gone; its record stays.',
};

/** A run's status in a sentence; a screen reader hears when it changes. */
export function StatusNote({
  run,
  queuePosition,
}: {
  readonly run: RunSummary;
  readonly queuePosition: number | null;
}) {
  const { id, status } = run;
  useAnnouncedStatus(run);

  if (status === 'queued') {
    return (
      <Alert severity="info">
        Waiting{queuePosition === null ? '' : `: number ${queuePosition} in the queue`}. It starts by itself
        when the runs before it have ended.
      </Alert>
    );
  }
  if (status === 'finished') {
    return (
      <Alert
        severity="success"
        action={
          <Button color="inherit" onClick={() => goTo(`/runs/${id}/results`)}>
            See the results
          </Button>
        }
      >
        Finished: the pruned model was written, read back and checked.
      </Alert>
    );
  }
  const note = notes[status];
  return note ? <Alert severity="info">{note}</Alert> : null;
}
