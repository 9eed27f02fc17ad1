import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { useEffect } from 'react';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { service } from '../bridge/bridge.ts';
import { takeProgress, useLiveProgress } from '../bridge/live-progress.ts';
import { Section } from '../widgets/section.tsx';
import { stepTitles } from '../words/run-words.ts';
import { MemoryPlot } from './memory-plot.tsx';
import { StageList } from './stage-list.tsx';
import { WorkNow } from './work-now.tsx';

/** A run at work: where it is, the stages before and after, and its memory over time. */
export function LiveRun({ runId, request }: { readonly runId: number; readonly request: RunRequest }) {
  const live = useLiveProgress((state) => state.runs[runId]);
  useEffect(() => {
    // For a window that was opened while the run was at work already.
    void service('runs.progress', { runId }).then((progress) => progress && takeProgress(progress));
  }, [runId]);

  if (!live) {
    return (
      <Section title="Starting">
        <LinearProgress aria-label="Starting" />
      </Section>
    );
  }
  const { latest, memory } = live;
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 3,
        gridTemplateColumns: { xs: '1fr', lg: 'minmax(0, 5fr) minmax(0, 4fr)' },
      }}
    >
      <Section title={stepTitles[latest.step]}>
        <WorkNow progress={latest} what={stepTitles[latest.step]} />
      </Section>
      <Section title="Stages">
        <StageList request={request} progress={latest} />
      </Section>
      <Box sx={{ gridColumn: '1 / -1' }}>
        <Section title="Memory">
          {memory.length > 1 ? (
            <MemoryPlot points={memory} peakBytes={latest.peakMemoryBytes} />
          ) : (
            <Typography color="textSecondary">It is drawn from the second measurement on.</Typography>
          )}
        </Section>
      </Box>
    </Box>
  );
}
