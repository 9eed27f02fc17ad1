import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { RunStatus, RunSummary } from '../../src/contract/run.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange } from '../bridge/use-service.ts';
import { Confirm } from '../widgets/confirm.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';

const canPause: readonly RunStatus[] = ['queued', 'running'];
const canResume: readonly RunStatus[] = ['paused', 'interrupted', 'failed'];
const canCancel: readonly RunStatus[] = [...canPause, ...canResume];

/** Pause, resume, cancel. */
export function RunActions({ run }: { readonly run: RunSummary }) {
  const { id: runId, status, stopping } = run;
  const pause = useChange('runs.pause', ['runs.get', 'runs.list']);
  const resume = useChange('runs.resume', ['runs.get', 'runs.list']);
  const cancel = useChange('runs.cancel', ['runs.get', 'runs.list']);
  const [isAsking, setAsking] = useState(false);
  const isBusy = pause.isPending || resume.isPending || cancel.isPending || stopping !== null;
  const error = pause.error ?? resume.error ?? cancel.error;
  return (
    <>
      {canPause.includes(status) && (
        <Button variant="outlined" disabled={isBusy} onClick={() => pause.mutate({ runId })}>
          Pause
        </Button>
      )}
      {canResume.includes(status) && (
        <Button variant="contained" disabled={isBusy} onClick={() => resume.mutate({ runId })}>
          {status === 'failed' ? 'Try again' : 'Resume'}
        </Button>
      )}
      {canCancel.includes(status) && (
        <Button color="error" disabled={isBusy} onClick={() => setAsking(true)}>
          Cancel run…
        </Button>
      )}
      {error && <ProblemAlert problem={problemOf(error)} />}
      <Confirm
        isOpen={isAsking}
        title="Give this run up?"
        verb="Cancel the run"
        isDangerous
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate({ runId })}
      >
        <Typography>
          Its scores and working files are removed, and it cannot go on later. To stop it for a while, pause
          it instead.
        </Typography>
      </Confirm>
    </>
  );
}
