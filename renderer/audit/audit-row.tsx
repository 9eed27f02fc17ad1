import CollapseIcon from '@mui/icons-material/ExpandLess';
import ExpandIcon from '@mui/icons-material/ExpandMore';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import { useState } from 'react';
import type { AuditEntry } from '../../src/contract/audit.ts';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { formatMoment } from '../words/quantities.ts';
import { factsOfDetails } from './facts-of-details.ts';

/** A line of the trail, and on demand all that it holds: data by path and hash, settings, both hashes in full. */
export function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const [isOpen, setOpen] = useState(false);
  const { sequence, at, who, action, subject, details, hash, previousHash } = entry;
  const facts = [...factsOfDetails(details), ['hash before', previousHash], ['hash', hash]] as const;
  return (
    <>
      <TableRow hover sx={isOpen ? { '& > *': { borderBottom: 'none' } } : {}}>
        <TableCell align="right">{sequence}</TableCell>
        <TableCell sx={{ whiteSpace: 'nowrap' }}>{formatMoment(at)}</TableCell>
        <TableCell>{who}</TableCell>
        <TableCell sx={{ whiteSpace: 'nowrap' }}>{action}</TableCell>
        <TableCell>{subject}</TableCell>
        <TableCell sx={{ fontFamily: 'monospace' }}>{hash.slice(0, 12)}…</TableCell>
        <TableCell align="right" sx={{ py: 0 }}>
          <IconButton
            size="small"
            aria-label={`Details of line ${sequence}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? <CollapseIcon fontSize="small" /> : <ExpandIcon fontSize="small" />}
          </IconButton>
        </TableCell>
      </TableRow>
      {isOpen && (
        <TableRow>
          <TableCell component="td" />
          <TableCell colSpan={6}>
            <Box sx={{ pb: 1 }}>
              <Facts
                minWidth={400}
                facts={facts.map(([name, value]) => [name, <PathText key={name} path={value} />])}
              />
            </Box>
          </TableCell>
        </TableRow>
      )}
    </>
  );
}
