import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { RunResult } from '../../src/contract/result.ts';
import { Section } from '../widgets/section.tsx';
import { formatBytes, formatCount, formatFigure, formatPercent } from '../words/quantities.ts';

/** Plainly: what the zeros do, and what they do not, as it was measured. */
export function WhatZerosBuy({ result }: { readonly result: RunResult }) {
  const { kept, size, weightFiles } = result;
  const bytes = weightFiles.reduce((sum, file) => sum + file.bytes, 0);
  const speeds = { dense: speedOf(result, 'dense'), pruned: speedOf(result, 'pruned') };
  return (
    <Section title="What the zeros buy, and what not">
      <Stack spacing={2}>
        <Table size="small" aria-label="Size and speed of the original and the pruned model">
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
            {speeds.dense !== null && speeds.pruned !== null && (
              <Row
                title="Reading speed in this program (tokens/s)"
                cells={[formatFigure(speeds.dense, 3), formatFigure(speeds.pruned, 3)]}
              />
            )}
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

/** Over all texts together, as it was measured; null where it was not. */
function speedOf({ texts }: RunResult, model: 'dense' | 'pruned'): number | null {
  let tokens = 0;
  let seconds = 0;
  for (const text of texts) {
    const figure = text[model];
    if (!figure?.tokensPerSecond) return null;
    tokens += figure.scoredTokens;
    seconds += figure.scoredTokens / figure.tokensPerSecond;
  }
  return seconds > 0 ? tokens / seconds : null;
}
