import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type ReactNode, useState } from 'react';
import type { RunStatus, RunSummary } from '../../src/contract/run.ts';
import { problemOf } from '../bridge/refusal.ts';
import { Confirm } from './confirm.tsx';
import { ProblemAlert } from './problem-alert.tsx';

const canPause: readonly RunStatus[] = ['queued', 'running'];
const canResume: readonly RunStatus[] = ['paused', 'interrupted', 'failed'];
const canCancel: readonly RunStatus[] = [...canPause, ...canResume];

interface WorkActionsProps {
  readonly work: Pick<RunSummary, 'status' | 'stopping'>;
  readonly noun: 'run' | 'experiment';
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
  readonly isBusy: boolean;
  readonly error: unknown;
  /** What is lost when it is given up. */
  readonly children: ReactNode;
}

/** Pause, resume, cancel. */
export function WorkActions(props: WorkActionsProps) {
  const { work, noun, pause, resume, cancel, error, children } = props;
  const { status, stopping } = work;
  const [isAsking, setAsking] = useState(false);
  const isBusy = props.isBusy || stopping !== null;
  return (
    <>
      {canPause.includes(status) && (
        <Button variant="outlined" disabled={isBusy} onClick={pause}>
          Pause
        </Button>
      )}
      {canResume.includes(status) && (
        <Button variant="contained" disabled={isBusy} onClick={resume}>
          {status === 'failed' ? 'Try again' : 'Resume'}
        </Button>
      )}
      {canCancel.includes(status) && (
        <Button color="error" disabled={isBusy} onClick={() => setAsking(true)}>
          Cancel {noun}…
        </Button>
      )}
      {error !== null && error !== undefined && <ProblemAlert problem={problemOf(error)} />}
      <Confirm
        isOpen={isAsking}
        title={`Give this ${noun} up?`}
        verb={`Cancel the ${noun}`}
        isDangerous
        onClose={() => setAsking(false)}
        onConfirm={cancel}
      >
        <Typography>{children}</Typography>
      </Confirm>
    </>
  );
}
