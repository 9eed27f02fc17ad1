import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';
import { useEffect, useState } from 'react';
import { native } from '../bridge/bridge.ts';
import { askServiceState, useServiceState } from './service-state.ts';

/** A start shorter than this needs no words. */
const PATIENCE_MS = 1500;

/** Says so when the service does not answer, and why. */
export function ServiceBanner() {
  const { state, problem } = useServiceState();
  const [lateIn, setLateIn] = useState<string | null>(null);
  useEffect(() => void askServiceState(), []);
  useEffect(() => {
    const timer = setTimeout(() => setLateIn(state), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);

  if (state === 'ready' || (state === 'starting' && lateIn !== 'starting')) return null;
  if (state === 'starting') {
    return (
      <Alert severity="info" square role="status">
        {problem ? `${problem.message} ${problem.fix}` : 'The pruning service is starting…'}
      </Alert>
    );
  }
  return (
    <Alert
      severity="error"
      square
      role="alert"
      action={
        <Button color="inherit" onClick={() => void native('service.restart', {}).then(askServiceState)}>
          Start it again
        </Button>
      }
    >
      <AlertTitle>The pruning service is not running</AlertTitle>
      {problem && (
        <>
          {problem.message} {problem.fix} <code>{problem.code}</code>
        </>
      )}
    </Alert>
  );
}
