import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useQueries } from '@tanstack/react-query';
import type { RunSummary } from '../../src/contract/run.ts';
import { describeDifference, figureTitle } from '../../src/contract/task-words.ts';
import { service } from '../bridge/bridge.ts';
import { Interval } from '../results/interval.tsx';
import { Section } from '../widgets/section.tsx';
import { type Figure, type SharedFigure, sharedFigures } from './tasks-side-by-side.ts';

/** Finished runs beside one another on the tasks that they were measured on; nothing where there are none. */
export function TaskComparison({ runs }: { readonly runs: readonly RunSummary[] }) {
  const answers = useQueries({
    queries: runs.map(({ id }) => ({
      queryKey: ['results.get', { runId: id }],
      queryFn: () => service('results.get', { runId: id }),
    })),
  });
  const results = answers.flatMap(({ data }) => (data ? [data] : []));
  const rows = results.length === runs.length ? sharedFigures(results) : [];
  if (rows.length === 0) return null;
  return (
    <Section
      title="Tasks"
      lead="In brackets: 95 % intervals. The words say what each pruned model is beside the original, on the same items."
    >
      <TableContainer tabIndex={0} role="region" aria-label="Tasks of the runs">
        <Table size="small" aria-label="Tasks of the runs">
          <TableHead>
            <TableRow>
              <TableCell>Task</TableCell>
              <TableCell>Figure</TableCell>
              <TableCell align="right">Original</TableCell>
              {runs.map(({ id, name }) => (
                <TableCell key={id} align="right">
                  {name} (run {id})
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map((row, index) => (
              <SharedRow
                key={`${row.task.name} ${row.task.files[0]?.sha256} ${row.name}`}
                row={row}
                isFirst={rows[index - 1]?.task !== row.task}
              />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </Section>
  );
}

function SharedRow({ row, isFirst }: { readonly row: SharedFigure; readonly isFirst: boolean }) {
  const dense = row.figures.find((figure) => figure !== null)?.dense;
  return (
    <TableRow>
      {isFirst && (
        <TableCell component="th" scope="rowgroup" rowSpan={row.task.figures.length}>
          {row.task.name}
        </TableCell>
      )}
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{figureTitle(row.name)}</TableCell>
      <TableCell align="right">{dense && <Interval of={dense} />}</TableCell>
      {row.figures.map((figure, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the runs' order is the columns'.
        <TableCell key={index} align="right">
          {figure ? <PrunedFigure figure={figure} /> : '–'}
        </TableCell>
      ))}
    </TableRow>
  );
}

function PrunedFigure({ figure }: { readonly figure: Figure }) {
  return (
    <>
      {figure.pruned && <Interval of={figure.pruned} />}
      <Typography variant="body2" component="div" color="textSecondary">
        {describeDifference(figure)}
      </Typography>
    </>
  );
}
