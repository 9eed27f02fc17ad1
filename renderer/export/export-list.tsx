import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ModelExport } from '../../src/contract/model-export.ts';
import { stageTitle } from '../../src/contract/titles.ts';
import { useChange, useNative, useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { EmptyState } from '../widgets/empty-state.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { formatDuration, formatFigure, formatPercent } from '../words/quantities.ts';

const statusColours = {
  running: 'primary',
  finished: 'success',
  failed: 'error',
  cancelled: 'default',
} as const;
const statusWords = {
  running: 'Writing',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled',
} as const;

/** The models that were written from a run's scores. */
export function ExportList({ runId }: { readonly runId: number }) {
  const exports = useService('exports.list', { runId });
  return (
    <Section title="Other models from this run">
      <Answer query={exports}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="None yet">Choose another sparsity or μ above and write a model.</EmptyState>
          ) : (
            <Stack spacing={2}>
              <Table size="small" aria-label="Other models from this run">
                <TableHead>
                  <TableRow>
                    <TableCell>Folder</TableCell>
                    <TableCell align="right">Sparsity</TableCell>
                    <TableCell align="right">μ</TableCell>
                    <TableCell>Perplexity</TableCell>
                    <TableCell align="right">Time</TableCell>
                    <TableCell>Status</TableCell>
                    <TableCell component="td" />
                  </TableRow>
                </TableHead>
                <TableBody>
                  {list.map((one) => (
                    <ExportRow key={one.id} one={one} />
                  ))}
                </TableBody>
              </Table>
              {list.map(({ id, problem }) => problem && <ProblemAlert key={id} problem={problem} />)}
            </Stack>
          )
        }
      </Answer>
    </Section>
  );
}

function ExportRow({ one }: { readonly one: ModelExport }) {
  const { id: exportId, outDir, sparsity, mu, status, progress, elapsedMs, texts } = one;
  const cancel = useChange('exports.cancel', ['exports.list']);
  const show = useNative('shell.showItem');
  const measured = texts.flatMap(({ name, pruned }) => (pruned ? [{ name, pruned }] : []));
  const stage = progress && stageTitle(progress.stage);
  return (
    <TableRow>
      <TableCell component="th" scope="row" sx={{ maxWidth: 420 }}>
        <PathText path={outDir} />
      </TableCell>
      <TableCell align="right">{formatPercent(sparsity)}</TableCell>
      <TableCell align="right">{mu.toFixed(2)}</TableCell>
      <TableCell>
        {measured.length === 0
          ? '–'
          : measured.map(({ name, pruned }) => (
              <Box key={name} sx={{ whiteSpace: 'nowrap' }}>
                {name}: {formatFigure(pruned.perplexity, 4)}
              </Box>
            ))}
      </TableCell>
      <TableCell align="right">{formatDuration(elapsedMs)}</TableCell>
      <TableCell>
        {progress && status === 'running' ? (
          <Box sx={{ minWidth: 150 }}>
            <Typography variant="caption">{stage}</Typography>
            <LinearProgress
              variant="determinate"
              value={progress.total > 0 ? (100 * progress.done) / progress.total : 0}
              aria-label={stage ?? 'Writing'}
            />
          </Box>
        ) : (
          <Chip size="small" variant="outlined" color={statusColours[status]} label={statusWords[status]} />
        )}
      </TableCell>
      <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
        {status === 'running' && (
          <Button size="small" onClick={() => cancel.mutate({ exportId })}>
            Cancel
          </Button>
        )}
        {status === 'finished' && (
          <Button size="small" onClick={() => show.mutate({ path: outDir })}>
            Show in folder
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}
