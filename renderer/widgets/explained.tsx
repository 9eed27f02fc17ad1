import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import type { Jargon } from '../words/glossary.ts';
import { Explanation } from './explanation.tsx';

interface ExplainedProps {
  /** null: nothing to explain; the room stays empty. */
  readonly by: Jargon | null;
  /** Beside what is as wide as its words, not at the right of the column. */
  readonly isClose?: boolean;
  readonly children: ReactNode;
}

/** A field with the explanation of what it is at its right; in a grid the room for that is always kept. */
export function Explained({ by, isClose = false, children }: ExplainedProps) {
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: `${isClose ? 'auto' : 'minmax(0, 1fr)'} 24px`,
        justifyContent: 'start',
        columnGap: 0.5,
      }}
    >
      {children}
      <Box sx={{ mt: 1 }}>{by && <Explanation of={by} />}</Box>
    </Box>
  );
}
