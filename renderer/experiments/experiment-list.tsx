import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TablePagination from '@mui/material/TablePagination';
import TableRow from '@mui/material/TableRow';
import { useState } from 'react';
import type { ExperimentSummary } from '../../src/contract/known-experiment.ts';
import { useService } from '../bridge/use-service.ts';
import { linkTo } from '../shell/route.ts';
import { Answer } from '../widgets/answer.tsx';
import { EmptyState } from '../widgets/empty-state.tsx';
import { Section } from '../widgets/section.tsx';
import { StatusChip } from '../widgets/status-chip.tsx';
import { formatDuration, formatTime } from '../words/quantities.ts';
import { experimentTitles } from './experiment-words.ts';

const PAGE = 25;

/** The experiments that were started here, newest first. */
export function ExperimentList() {
  const [page, setPage] = useState(0);
  const list = useService('experiments.list', { offset: page * PAGE, limit: PAGE }, { keepPrevious: true });
  return (
    <Section title="Experiments">
      <Answer query={list}>
        {({ total, experiments }) =>
          total === 0 ? (
            <EmptyState title="None yet">
              Start one below: it waits until no run is at work, and then works like one.
            </EmptyState>
          ) : (
            <>
              <Rows experiments={experiments} />
              {total > PAGE && (
                <TablePagination
                  component="div"
                  count={total}
                  page={page}
                  rowsPerPage={PAGE}
                  rowsPerPageOptions={[PAGE]}
                  onPageChange={(_, to) => setPage(to)}
                />
              )}
            </>
          )
        }
      </Answer>
    </Section>
  );
}

function Rows({ experiments }: { readonly experiments: readonly ExperimentSummary[] }) {
  return (
    <Table size="small" aria-label="Experiments">
      <TableHead>
        <TableRow>
          <TableCell>Name</TableCell>
          <TableCell>Experiment</TableCell>
          <TableCell>Model</TableCell>
          <TableCell>Status</TableCell>
          <TableCell align="right">Time at work</TableCell>
          <TableCell align="right">Asked for</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {experiments.map((one) => (
          <TableRow key={one.id} hover>
            <TableCell component="th" scope="row">
              <Link href={linkTo(`/experiments/${one.id}`)}>{one.name}</Link>
            </TableCell>
            <TableCell>{experimentTitles[one.experiment]}</TableCell>
            <TableCell>{one.modelName}</TableCell>
            <TableCell>
              <StatusChip run={one} />
            </TableCell>
            <TableCell align="right">{one.workedMs > 0 ? formatDuration(one.workedMs) : '–'}</TableCell>
            <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
              {formatTime(one.createdAt)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
