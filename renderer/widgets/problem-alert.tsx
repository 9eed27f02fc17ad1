import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { Problem } from '../../src/contract/problem.ts';

interface ProblemAlertProps {
  readonly problem: Problem;
  readonly severity?: 'error' | 'warning';
  /** A button that does what the fix says. */
  readonly action?: ReactNode;
}

/** What went wrong, what to do about it, and the code to search for. */
export function ProblemAlert({ problem, severity = 'error', action }: ProblemAlertProps) {
  return (
    <Alert severity={severity} role="alert" action={action}>
      <Typography variant="body2" sx={{ fontWeight: 560 }}>
        {problem.message}
      </Typography>
      <Typography variant="body2">{problem.fix}</Typography>
      <Typography variant="caption" component="p" sx={{ mt: 0.5, fontFamily: 'monospace' }}>
        {problem.code}
      </Typography>
    </Alert>
  );
}
