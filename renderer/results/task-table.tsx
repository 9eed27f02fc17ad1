import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { TaskResult } from '../../src/contract/task.ts';
import { describeDifference, figureTitle } from '../../src/contract/task-words.ts';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { formatCount, formatFigure } from '../words/quantities.ts';
import { Interval } from './interval.tsx';
import { isWorse } from './regressions.ts';

type Figure = TaskResult['figures'][number];

/** The original and the pruned model on each task, each figure with its 95 % interval. */
export function TaskTable({ tasks }: { readonly tasks: readonly TaskResult[] }) {
  return (
    <Section
      title="Tasks"
      lead="In brackets: 95 % intervals over other items of the same kind. A difference counts only where its interval leaves out zero."
    >
      <Table size="small" aria-label="Tasks of the original and the pruned model">
        <TableHead>
          <TableRow>
            <TableCell>Task</TableCell>
            <TableCell>Figure</TableCell>
            <TableCell align="right">
              <Term of="dense">Original</Term>
            </TableCell>
            <TableCell align="right">Pruned</TableCell>
            <TableCell align="right">Difference</TableCell>
            <TableCell align="right">
              <Term of="chance">Chance</Term>
            </TableCell>
            <TableCell align="right">Items</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {tasks.flatMap((task) =>
            task.figures.map((figure, index) => (
              <FigureRow
                key={`${task.name} ${figure.name}`}
                task={task}
                figure={figure}
                isFirst={index === 0}
              />
            )),
          )}
        </TableBody>
      </Table>
    </Section>
  );
}

interface FigureRowProps {
  readonly task: TaskResult;
  readonly figure: Figure;
  readonly isFirst: boolean;
}

function FigureRow({ task, figure, isFirst }: FigureRowProps) {
  const { dense, pruned, chance } = figure;
  return (
    <TableRow>
      {isFirst && (
        <TableCell component="th" scope="rowgroup" rowSpan={task.figures.length}>
          {task.name}
        </TableCell>
      )}
      <TableCell sx={{ whiteSpace: 'nowrap' }}>{figureTitle(figure.name)}</TableCell>
      <TableCell align="right">
        <Interval of={dense} />
      </TableCell>
      <TableCell align="right" sx={{ fontWeight: 620 }}>
        {pruned ? <Interval of={pruned} /> : 'not measured'}
      </TableCell>
      <TableCell align="right">
        {pruned && (
          <>
            <Interval of={pruned.difference} isSigned />
            <Typography variant="body2" component="div" color={isWorse(figure) ? 'error' : 'textSecondary'}>
              {describeDifference(figure)}
            </Typography>
          </>
        )}
      </TableCell>
      <TableCell align="right">
        {chance === null ? '–' : formatFigure(chance, 3)}
        {pruned?.level === 'at chance' && (
          <Typography variant="body2" component="div" color="textSecondary">
            at chance
          </Typography>
        )}
      </TableCell>
      {isFirst && (
        <TableCell align="right" rowSpan={task.figures.length} sx={{ whiteSpace: 'nowrap' }}>
          {formatCount(task.items)} of {formatCount(task.ofItems)}
        </TableCell>
      )}
    </TableRow>
  );
}
