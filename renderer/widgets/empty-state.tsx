import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  /** What is not there. */
  readonly title: string;
  /** What to do next. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing here yet, and what to do next. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <Box sx={{ py: 4, px: 2, textAlign: 'center' }}>
      <Typography sx={{ fontWeight: 600 }}>{title}</Typography>
      <Typography color="textSecondary" sx={{ mt: 0.5, mb: action ? 2 : 0, mx: 'auto', maxWidth: '60ch' }}>
        {children}
      </Typography>
      {action}
    </Box>
  );
}
