import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect, useRef } from 'react';
import { HeadingRow } from '../widgets/heading-row.tsx';

interface ScreenProps {
  readonly title: string;
  /** One sentence: what this screen is for. */
  readonly lead?: ReactNode;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

let isFirstScreen = true;

/** A screen's heading and content. The heading takes the focus, so that a keyboard or screen reader goes on from there. */
export function Screen({ title, lead, actions, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – D-Pruner Desktop`;
    if (!isFirstScreen) heading.current?.focus({ preventScroll: true });
    isFirstScreen = false;
  }, [title]);
  return (
    <Box sx={{ maxWidth: 1704, mx: 'auto', px: { xs: 3, lg: 4 }, py: 3 }}>
      <Box sx={{ mb: 3 }}>
        <HeadingRow
          heading={
            <Typography ref={heading} variant="h1" tabIndex={-1} sx={{ outline: 'none !important' }}>
              {title}
            </Typography>
          }
          lead={
            lead && (
              <Typography color="textSecondary" sx={{ mt: 0.75, maxWidth: '100ch' }}>
                {lead}
              </Typography>
            )
          }
          actions={actions}
        />
      </Box>
      <Stack spacing={3}>{children}</Stack>
    </Box>
  );
}
