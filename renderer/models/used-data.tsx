import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { EmptyState } from '../widgets/empty-state.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Section } from '../widgets/section.tsx';
import { formatBytes, formatCount, formatTime } from '../words/quantities.ts';

/** Which files runs have read. */
export function UsedData() {
  const used = useService('data.used', {});
  return (
    <Section
      title="Data that runs have read"
      lead="By path and SHA-256, never by text. A file that was changed is another one from then on."
    >
      <Answer query={used}>
        {(files) =>
          files.length === 0 ? (
            <EmptyState title="None yet">The files of your first run will be listed here.</EmptyState>
          ) : (
            <TableContainer
              tabIndex={0}
              role="region"
              aria-label="Rows of the data that runs have read"
              sx={{ maxHeight: 480 }}
            >
              <Table size="small" stickyHeader aria-label="Data that runs have read">
                <TableHead>
                  <TableRow>
                    <TableCell>File and SHA-256</TableCell>
                    <TableCell align="right">Size</TableCell>
                    <TableCell align="right">Runs</TableCell>
                    <TableCell align="right">Last used</TableCell>
                  </TableRow>
                </TableHead>
                <TableBody>
                  {files.map(({ path, sha256, bytes, runs, lastUsedAt }) => (
                    <TableRow key={`${path} ${sha256}`}>
                      <TableCell component="th" scope="row">
                        <PathText path={path} />
                        <br />
                        <PathText path={sha256} />
                      </TableCell>
                      <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
                        {formatBytes(bytes)}
                      </TableCell>
                      <TableCell align="right">{formatCount(runs)}</TableCell>
                      <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
                        {formatTime(lastUsedAt)}
                      </TableCell>
                    </TableRow>
                  ))}
                </TableBody>
              </Table>
            </TableContainer>
          )
        }
      </Answer>
    </Section>
  );
}
