import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TablePagination from '@mui/material/TablePagination';
import TableRow from '@mui/material/TableRow';
import TextField from '@mui/material/TextField';
import type { AuditEntry } from '../../src/contract/audit.ts';
import { EmptyState } from '../widgets/empty-state.tsx';
import { AuditRow } from './audit-row.tsx';

interface AuditTableProps {
  readonly entries: readonly AuditEntry[];
  readonly total: number;
  readonly text: string;
  readonly page: number;
  readonly pageSize: number;
  readonly onPage: (page: number) => void;
  readonly onText: (text: string) => void;
}

/** The lines of the trail, newest first. */
export function AuditTable({ entries, total, text, page, pageSize, onPage, onText }: AuditTableProps) {
  return (
    <Paper sx={{ p: 2 }}>
      <TextField
        label="Search the trail"
        type="search"
        value={text}
        onChange={({ target }) => onText(target.value)}
        placeholder="Action, subject or account"
        sx={{ width: 320, mb: 1 }}
        slotProps={{ inputLabel: { shrink: true }, htmlInput: { maxLength: 200 } }}
      />
      {entries.length === 0 ? (
        <EmptyState title={text === '' ? 'The trail is empty' : 'No line matches'}>
          {text === '' ? 'It begins with the first thing that is done.' : 'Use fewer words.'}
        </EmptyState>
      ) : (
        <Table size="small" aria-label="Audit trail">
          <TableHead>
            <TableRow>
              <TableCell align="right">No.</TableCell>
              <TableCell>Time</TableCell>
              <TableCell>Account</TableCell>
              <TableCell>Action</TableCell>
              <TableCell>Subject</TableCell>
              <TableCell>Hash</TableCell>
              <TableCell component="td" />
            </TableRow>
          </TableHead>
          <TableBody>
            {entries.map((entry) => (
              <AuditRow key={entry.sequence} entry={entry} />
            ))}
          </TableBody>
        </Table>
      )}
      <TablePagination
        component="div"
        count={total}
        page={page}
        rowsPerPage={pageSize}
        rowsPerPageOptions={[pageSize]}
        onPageChange={(_, to) => onPage(to)}
      />
    </Paper>
  );
}
