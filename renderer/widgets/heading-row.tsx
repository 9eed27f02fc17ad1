import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import type { ReactNode } from 'react';

interface HeadingRowProps {
  readonly heading: ReactNode;
  /** What it is for, below it. */
  readonly lead?: ReactNode;
  /** Buttons at its right, their middle at that of the heading. */
  readonly actions?: ReactNode;
}

/** The head of a screen or of a section. */
export function HeadingRow({ heading, lead, actions }: HeadingRowProps) {
  return (
    <Stack direction="row" spacing={2} sx={{ alignItems: 'flex-start', justifyContent: 'space-between' }}>
      <Box sx={{ minWidth: 0 }}>
        {heading}
        {lead}
      </Box>
      {actions && (
        <Stack direction="row" spacing={1} sx={{ flexShrink: 0, my: -0.75, alignItems: 'center' }}>
          {actions}
        </Stack>
      )}
    </Stack>
  );
}
