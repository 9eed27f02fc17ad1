import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { ProblemAlert } from './problem-alert.tsx';

interface AnswerProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** What is being waited for, where it takes seconds: `Measuring this computer`. */
  readonly waitingFor?: string;
  readonly children: (data: Data) => ReactNode;
}

/** A question's answer, or that it is being waited for, or why there is none. */
export function Answer<Data>({ query, waitingFor, children }: AnswerProps<Data>) {
  // What is drawn of an answer may be much: it gives way to what a person does meanwhile.
  const data = useDeferredValue(query.data);
  if (data !== undefined) return children(data);
  if (query.error) return <ProblemAlert problem={problemOf(query.error)} />;
  if (query.fetchStatus === 'idle' && query.data === undefined) return null;
  return (
    <Box role="status" sx={{ py: 1 }}>
      {waitingFor && (
        <Typography color="textSecondary" variant="body2" sx={{ mb: 1 }}>
          {waitingFor}…
        </Typography>
      )}
      <LinearProgress aria-label={waitingFor ?? 'Loading'} />
    </Box>
  );
}
