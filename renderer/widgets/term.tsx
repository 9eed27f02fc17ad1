import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import { glossary, type Jargon } from '../words/glossary.ts';
import { Explanation } from './explanation.tsx';

interface TermProps {
  readonly of: Jargon;
  /** How it is called here, where not by its own name. */
  readonly children?: ReactNode;
}

/** A word of the trade, with a button beside it that explains it. */
export function Term({ of, children }: TermProps) {
  return (
    <Box component="span" sx={{ whiteSpace: 'nowrap', '& button': { ml: 0.25, my: -0.5 } }}>
      {children ?? glossary[of].name}
      <Explanation of={of} />
    </Box>
  );
}
