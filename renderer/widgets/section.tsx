import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { type ReactNode, useId } from 'react';
import { HeadingRow } from './heading-row.tsx';

interface SectionProps {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A titled card. */
export function Section({ title, lead, actions, children }: SectionProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} sx={{ p: 2.5, minWidth: 0 }}>
      <Box sx={{ '&:not(:last-child)': { mb: 2 } }}>
        <HeadingRow
          heading={
            <Typography id={id} variant="h2">
              {title}
            </Typography>
          }
          lead={
            lead && (
              <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5, maxWidth: '100ch' }}>
                {lead}
              </Typography>
            )
          }
          actions={actions}
        />
      </Box>
      {children}
    </Paper>
  );
}
