import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import type { KnownModel } from '../../src/contract/model.ts';
import { PathText } from '../widgets/path-text.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { ModelFacts } from './model-facts.tsx';

interface ModelCardProps {
  readonly model: KnownModel;
  readonly isChosen?: boolean;
  /** What chooses it, at its left. */
  readonly choice?: ReactNode;
  readonly actions?: ReactNode;
}

/** A remembered model with what its headers say. */
export function ModelCard({ model, isChosen = false, choice, actions }: ModelCardProps) {
  const { name, isDemo, inspection } = model;
  return (
    <Paper
      sx={{
        p: 2,
        ...(isChosen && {
          borderColor: 'primary.main',
          boxShadow: (theme) => `0 0 0 1px ${theme.palette.primary.main}`,
        }),
      }}
    >
      <Stack direction="row" spacing={1} sx={{ alignItems: 'flex-start' }}>
        {choice && <Box sx={{ mt: -1 }}>{choice}</Box>}
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
            <Typography sx={{ fontWeight: 620 }}>{name}</Typography>
            {isDemo && <Chip size="small" label="Comes with the application" />}
          </Stack>
          <Typography color="textSecondary" component="div" sx={{ mb: 1.5 }}>
            <PathText path={inspection.dir} />
          </Typography>
          <ModelFacts inspection={inspection} />
          <Stack spacing={1} sx={{ mt: inspection.problems.length + inspection.notes.length > 0 ? 2 : 0 }}>
            {inspection.problems.map((problem) => (
              <ProblemAlert key={problem.message} problem={problem} />
            ))}
            {inspection.notes.map((note) => (
              <Alert key={note} severity="info">
                {note}
              </Alert>
            ))}
          </Stack>
        </Box>
        {actions}
      </Stack>
    </Paper>
  );
}
