import Box from '@mui/material/Box';
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
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' } }}>
        <div>
          <Typography variant="h3" gutterBottom>
            What you have now
          </Typography>
          <Typography>
            {formatCount(size - kept)} of {formatCount(size)} prunable weights are zero (
            {formatPercent((size - kept) / size)}), counted in the written files. The model answers from the
            weights that general ability and your domain rest on most.
          </Typography>
        </div>
        <div>
          <Typography variant="h3" gutterBottom>
            What you do not have
          </Typography>
          <Typography>
            A smaller or faster model by itself. The folder holds{' '}
            {bytes > 0 ? formatBytes(bytes) : 'as many bytes'} of weights like the original, since a zero
            takes as much room as any number, and transformers, vLLM and llama.cpp run it at the original’s
            speed and memory. Zeros pay only where they are stored or computed as such.
          </Typography>
        </div>
      </Box>
    </Section>
  );
}
