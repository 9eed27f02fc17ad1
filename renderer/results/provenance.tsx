import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import Accordion from '@mui/material/Accordion';
import AccordionDetails from '@mui/material/AccordionDetails';
import AccordionSummary from '@mui/material/AccordionSummary';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { RunResult } from '../../src/contract/result.ts';
import { backendTitle } from '../../src/contract/titles.ts';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { Term } from '../widgets/term.tsx';
import { formatBytes, formatFigure } from '../words/quantities.ts';
import { StageTable } from './stage-table.tsx';

/** Versions, times and hashes: what it takes to do it again and to see that it is the same. */
export function Provenance({ result }: { readonly result: RunResult }) {
  const {
    stages,
    texts,
    weightFiles,
    peakMemoryBytes,
    backend,
    appVersion,
    modelFingerprint,
    regularizer,
    loss,
  } = result;
  const hashes = [
    ...weightFiles.map(({ name, sha256, sourceSha256 }) => [name, sha256, sourceSha256] as const),
    ...texts.map(({ name, sha256 }) => [`${name} (evaluation text)`, sha256, null] as const),
  ];
  return (
    <Accordion disableGutters sx={{ '&::before': { display: 'none' }, borderRadius: 2 }}>
      <AccordionSummary expandIcon={<ExpandMoreIcon />} sx={{ px: 2.5 }}>
        <Typography variant="h2" component="span">
          Times, versions and hashes
        </Typography>
      </AccordionSummary>
      <AccordionDetails sx={{ px: 2.5 }}>
        <Stack spacing={3}>
          <Facts
            minWidth={190}
            facts={[
              ['Application', appVersion],
              [
                <Term key="backend" of="backend">
                  Backend
                </Term>,
                backendTitle(backend),
              ],
              ['Peak memory', formatBytes(peakMemoryBytes)],
              [
                'Loss on the calibration',
                loss === null ? 'not computed' : `${formatFigure(loss, 4)} nats a token`,
              ],
              ...(regularizer
                ? [
                    [
                      <Term key="rho" of="rho">
                        ρ that λ and α amount to
                      </Term>,
                      regularizer.rho.toExponential(2),
                    ] as const,
                  ]
                : []),
            ]}
          />
          <Facts
            minWidth={400}
            facts={[
              [
                <Term key="fingerprint" of="fingerprint">
                  Model’s fingerprint
                </Term>,
                modelFingerprint && <PathText path={modelFingerprint} />,
              ],
            ]}
          />
          <StageTable stages={stages} />
          <Table size="small" aria-label="SHA-256 of the files">
            <TableHead>
              <TableRow>
                <TableCell>File</TableCell>
                <TableCell>SHA-256</TableCell>
                <TableCell>SHA-256 of the original</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {hashes.map(([name, hash, source]) => (
                <TableRow key={name}>
                  <TableCell component="th" scope="row">
                    {name}
                  </TableCell>
                  <TableCell>
                    <PathText path={hash} />
                  </TableCell>
                  <TableCell>{source ? <PathText path={source} /> : '–'}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Stack>
      </AccordionDetails>
    </Accordion>
  );
}
