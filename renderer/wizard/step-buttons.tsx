import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { goTo } from '../shell/route.ts';

interface StepButtonsProps {
  readonly back?: string;
  readonly next?: string;
  /** What stands in the way of going on; null when nothing does. */
  readonly missing: string | null;
  /** In place of Next. */
  readonly action?: ReactNode;
}

/** Back and Next at the lower edge of the window, always in sight. */
export function StepButtons({ back, next, missing, action }: StepButtonsProps) {
  return (
    <Paper
      sx={{
        position: 'sticky',
        bottom: 12,
        zIndex: 2,
        px: 2,
        py: 1.25,
        display: 'flex',
        alignItems: 'center',
        gap: 2,
        boxShadow: 2,
      }}
    >
      {back && <Button onClick={() => goTo(back)}>Back</Button>}
      <Typography
        variant="body2"
        color="textSecondary"
        sx={{ flex: 1, textAlign: 'right' }}
        aria-live="polite"
      >
        {missing ?? ''}
      </Typography>
      {action}
      {next && (
        <Button variant="contained" disabled={missing !== null} onClick={() => goTo(next)}>
          Next
        </Button>
      )}
    </Paper>
  );
}
