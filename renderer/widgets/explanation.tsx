import HelpIcon from '@mui/icons-material/HelpOutlineOutlined';
import IconButton from '@mui/material/IconButton';
import Tooltip from '@mui/material/Tooltip';
import { useState } from 'react';
import { glossary, type Jargon } from '../words/glossary.ts';

/** A button that explains a word of the trade to a pointer, the keyboard or a screen reader. */
export function Explanation({ of }: { readonly of: Jargon }) {
  const { name, meaning } = glossary[of];
  const [isOpen, setOpen] = useState(false);
  return (
    <Tooltip title={meaning} open={isOpen} onOpen={() => setOpen(true)} onClose={() => setOpen(false)}>
      <IconButton
        aria-label={`What is ${name}?`}
        size="small"
        onClick={() => setOpen(true)}
        sx={{ p: 0.5, color: 'text.secondary' }}
      >
        <HelpIcon sx={{ fontSize: 16 }} />
      </IconButton>
    </Tooltip>
  );
}
