import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { RunResult } from '../../src/contract/result.ts';
import { Section } from '../widgets/section.tsx';
import { formatBytes, formatCount, formatPercent } from '../words/quantities.ts';

/** Plainly: what the zeros do, and what they do not. */
export function WhatZerosBuy({ result }: { readonly result: RunResult }) {
  const { kept, size, weightFiles } = result;
  const bytes = weightFiles.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Section title="What the zeros buy, and what not">
      <Stack spacing={2}>
        <Table size="small" aria-label="What the original and the pruned model hold">
          <TableHead>
            <TableRow>
              <TableCell component="td" />
              <TableCell align="right">Original</TableCell>
              <TableCell align="right">Pruned</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {bytes > 0 && <Row title="Weight files" cells={[formatBytes(bytes), formatBytes(bytes)]} />}
            <Row
              title="Prunable weights that are not zero"
              cells={[formatCount(size), `${formatCount(kept)} (${formatPercent(kept / size)})`]}
            />
          </TableBody>
        </Table>
        <Typography variant="body2">
          The model answers from the weights that general ability and your domain rest on most. By itself it
          is neither smaller nor faster: in the files a zero takes as much room as any number, and
          transformers, vLLM and llama.cpp run it at the original’s speed and memory. Zeros pay only where
          they are stored or computed as such.
        </Typography>
      </Stack>
    </Section>
  );
}

function Row({ title, cells }: { readonly title: string; readonly cells: readonly [string, string] }) {
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {title}
      </TableCell>
      <TableCell align="right">{cells[0]}</TableCell>
      <TableCell align="right">{cells[1]}</TableCell>
    </TableRow>
  );
}
