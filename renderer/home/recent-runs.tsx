import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { RunSummary } from '../../src/contract/run.ts';
import { linkTo } from '../shell/route.ts';
import { PerplexityChange } from '../widgets/perplexity-change.tsx';
import { Section } from '../widgets/section.tsx';
import { StatusChip } from '../widgets/status-chip.tsx';
import { Term } from '../widgets/term.tsx';
import { formatPercent, formatTime } from '../words/quantities.ts';
import { runPath } from '../words/run-path.ts';

/** The latest runs, the newest first. */
export function RecentRuns({
  runs,
  total,
}: {
  readonly runs: readonly RunSummary[];
  readonly total: number;
}) {
  return (
    <Section title="Latest runs" actions={<Button href={linkTo('/runs')}>All runs ({total})</Button>}>
      <Table size="small" aria-label="Latest runs">
        <TableHead>
          <TableRow>
            <TableCell>Run</TableCell>
            <TableCell>Status</TableCell>
            <TableCell align="right">Sparsity</TableCell>
            <TableCell align="right">
              <Term of="perplexity">Domain perplexity</Term>
            </TableCell>
            <TableCell align="right">General perplexity</TableCell>
            <TableCell align="right">Asked for</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {runs.map((run) => (
            <TableRow key={run.id} hover>
              <TableCell component="th" scope="row">
                <Link href={linkTo(runPath(run))}>{run.name}</Link>
              </TableCell>
              <TableCell>
                <StatusChip run={run} />
              </TableCell>
              <TableCell align="right">{formatPercent(run.sparsity)}</TableCell>
              <TableCell align="right">
                <PerplexityChange figures={run.domainPerplexity} />
              </TableCell>
              <TableCell align="right">
                <PerplexityChange figures={run.generalPerplexity} />
              </TableCell>
              <TableCell align="right">{formatTime(run.createdAt)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
