import HelpIcon from '@mui/icons-material/HelpOutlineOutlined';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
import { type ReactNode, useState } from 'react';
import { glossary, type Jargon } from '../words/glossary.ts';

interface TermProps {
  readonly of: Jargon;
  /** How it is called here, where not by its own name. */
  readonly children?: ReactNode;
}

/** A word of the trade, with a button beside it that explains it to a pointer, the keyboard or a screen reader. */
export function Term({ of, children }: TermProps) {
  const { name, meaning } = glossary[of];
  const [isOpen, setOpen] = useState(false);
  return (
    <Box component="span" sx={{ whiteSpace: 'nowrap' }}>
      {children ?? name}
      <Tooltip title={meaning} open={isOpen} onOpen={() => setOpen(true)} onClose={() => setOpen(false)}>
        <IconButton
          aria-label={`What is ${name}?`}
          size="small"
          onClick={() => setOpen(true)}
          sx={{ p: 0.5, ml: 0.25, my: -0.5, color: 'text.secondary' }}
        >
          <HelpIcon sx={{ fontSize: 16 }} />
        </IconButton>
      </Tooltip>
    </Box>
  );
}
