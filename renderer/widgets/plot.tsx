import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { type ReactNode, useId, useState } from 'react';

export interface PlotTable {
  readonly head: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly string[])[];
}

interface PlotProps {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  /** The same numbers, for who cannot see the drawing or wants them exactly. */
  readonly table: PlotTable;
  readonly children: ReactNode;
}

/** A drawing with its title, which can be turned into the table of its numbers. */
export function Plot({ title, lead, table, children }: PlotProps) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  return (
    <Box component="figure" aria-labelledby={id} sx={{ m: 0, minWidth: 0 }}>
      <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'center', minHeight: 34 }}>
        <Typography id={id} component="figcaption" variant="h3">
          {title}
        </Typography>
        <Button
          size="small"
          aria-pressed={isTable}
          aria-describedby={id}
          onClick={() => setTable(!isTable)}
          sx={{ flexShrink: 0 }}
        >
          {isTable ? 'Show plot' : 'Show numbers'}
        </Button>
      </Stack>
      {lead && (
        <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
          {lead}
        </Typography>
      )}
      {isTable ? <NumbersTable table={table} labelledBy={id} /> : children}
    </Box>
  );
}

function NumbersTable({ table, labelledBy }: { readonly table: PlotTable; readonly labelledBy: string }) {
  return (
    <TableContainer tabIndex={0} role="region" aria-labelledby={labelledBy} sx={{ maxHeight: 320 }}>
      <Table size="small" stickyHeader aria-labelledby={labelledBy}>
        <TableHead>
          <TableRow>
            {table.head.map((title, index) => (
              <TableCell key={title} align={index === 0 ? 'left' : 'right'}>
                {title}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {table.rows.map((cells) => (
            <TableRow key={cells[0]}>
              {cells.map((cell, index) => (
                <TableCell
                  key={table.head[index]}
                  {...(index === 0 && { component: 'th', scope: 'row' })}
                  align={index === 0 ? 'left' : 'right'}
                >
                  {cell}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
