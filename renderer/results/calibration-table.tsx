import Alert from '@mui/material/Alert';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { RunResult } from '../../src/contract/result.ts';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { formatCount, formatPercent } from '../words/quantities.ts';

/** What the model was shown. */
export function CalibrationTable({
  calibration,
}: {
  readonly calibration: NonNullable<RunResult['calibration']>;
}) {
  const { parts, open, notes } = calibration;
  return (
    <Section
      title={<Term of="calibration">Calibration</Term>}
      lead="Counts only: the texts themselves are kept nowhere."
    >
      <Table size="small" aria-label="Calibration">
        <TableHead>
          <TableRow>
            <TableCell>Part</TableCell>
            <TableCell align="right">Share</TableCell>
            <TableCell align="right">Samples used</TableCell>
            <TableCell align="right">Available</TableCell>
            <TableCell align="right">Duplicates</TableCell>
            <TableCell align="right">Truncated</TableCell>
            <TableCell align="right">Tokens</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {parts.map((part) => (
            <TableRow key={part.name}>
              <TableCell component="th" scope="row">
                {part.title}
              </TableCell>
              <TableCell align="right">{formatPercent(part.share)}</TableCell>
              <TableCell align="right">{formatCount(part.used)}</TableCell>
              <TableCell align="right">{formatCount(part.available)}</TableCell>
              <TableCell align="right">{formatCount(part.duplicates)}</TableCell>
              <TableCell align="right">{formatCount(part.truncated)}</TableCell>
              <TableCell align="right">{formatCount(part.tokens)}</TableCell>
            </TableRow>
          ))}
          {open && (
            <TableRow>
              <TableCell component="th" scope="row">
                General text
              </TableCell>
              <TableCell align="right">–</TableCell>
              <TableCell align="right">{formatCount(open.used)}</TableCell>
              <TableCell align="right">–</TableCell>
              <TableCell align="right">–</TableCell>
              <TableCell align="right">–</TableCell>
              <TableCell align="right">{formatCount(open.tokens)}</TableCell>
            </TableRow>
          )}
        </TableBody>
      </Table>
      {notes.map((note) => (
        <Alert key={note} severity="info" sx={{ mt: 1 }}>
          {note}
        </Alert>
      ))}
    </Section>
  );
}
