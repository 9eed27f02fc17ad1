import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { RunResult } from '../../src/contract/result.ts';
import { stageTitle } from '../../src/contract/titles.ts';
import { formatDuration, formatFigure } from '../words/quantities.ts';

/** How long each stage of a run took, and how fast it was. */
export function StageTable({ stages }: Pick<RunResult, 'stages'>) {
  return (
    <Table size="small" aria-label="Time of each stage">
      <TableHead>
        <TableRow>
          <TableCell>Stage</TableCell>
          <TableCell align="right">Time</TableCell>
          <TableCell align="right">Tokens/s</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {stages.map(({ stage, seconds, tokensPerSecond }) => (
          <TableRow key={stage}>
            <TableCell component="th" scope="row">
              {stageTitle(stage)}
            </TableCell>
            <TableCell align="right">{formatDuration(1000 * seconds)}</TableCell>
            <TableCell align="right">{tokensPerSecond > 0 ? formatFigure(tokensPerSecond) : '–'}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
