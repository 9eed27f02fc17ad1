import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { HardwareReport } from '../../src/contract/hardware.ts';
import { stageTitle } from '../../src/contract/titles.ts';
import { formatDurationRange } from '../words/quantities.ts';
import { stepTitles } from '../words/run-words.ts';

const steps: Record<string, string> = stepTitles;

/** What the predicted time is made of. */
export function StageTimes({ stages }: { readonly stages: HardwareReport['stages'] }) {
  return (
    <Table size="small" aria-label="Predicted time of each stage">
      <TableHead>
        <TableRow>
          <TableCell>Stage</TableCell>
          <TableCell align="right">Predicted time</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {stages.map(({ stage, low, high }) => (
          <TableRow key={stage}>
            <TableCell component="th" scope="row">
              {steps[stage] ?? stageTitle(stage)}
            </TableCell>
            <TableCell align="right">{formatDurationRange({ low, high })}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
