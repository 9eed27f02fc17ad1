import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ExperimentTable as Found } from '../../src/contract/experiment.ts';
import { formatCount } from '../words/quantities.ts';
import { cellText } from './cell-text.ts';

/** More rows than anybody reads on a screen. */
const MOST_ROWS = 250;

export function ExperimentTable({ table: { title, columns, rows } }: { readonly table: Found }) {
  return (
    <>
      <TableContainer tabIndex={0} role="region" aria-label={`Rows of “${title}”`} sx={{ maxHeight: 480 }}>
        <Table size="small" stickyHeader aria-label={title}>
          <TableHead>
            <TableRow>
              {columns.map(({ name, kind }) => (
                <TableCell key={name} align={kind === 'text' ? 'left' : 'right'}>
                  {name}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.slice(0, MOST_ROWS).map((row) => (
              <TableRow key={row.join('|')}>
                {columns.map(({ name, kind }, index) => (
                  <TableCell key={name} align={kind === 'text' ? 'left' : 'right'}>
                    {cellText(row[index] ?? null, kind)}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      {rows.length > MOST_ROWS && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          {formatCount(rows.length - MOST_ROWS)} more rows are in the CSV file beside the report.
        </Typography>
      )}
    </>
  );
}
