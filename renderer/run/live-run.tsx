import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useEffect } from 'react';
import type { RunProgress } from '../../src/contract/run-progress.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { stageTitle } from '../../src/contract/titles.ts';
import { service } from '../bridge/bridge.ts';
import { takeProgress, useLiveProgress } from '../bridge/live-progress.ts';
import { announce } from '../shell/announcer.tsx';
import { Facts } from '../widgets/facts.tsx';
import { Section } from '../widgets/section.tsx';
import {
  formatBytes,
  formatDuration,
  formatDurationRange,
  formatFigure,
  formatPercent,
} from '../words/quantities.ts';
import { stepTitles } from '../words/run-words.ts';
import { MemoryPlot } from './memory-plot.tsx';
import { StageList } from './stage-list.tsx';

/** A run at work: where it is, how fast, how long still, how much memory. */
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
        <Now progress={latest} />
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

function Now({ progress }: { readonly progress: RunProgress }) {
  const {
    stage,
    done,
    total,
    tokensPerSecond,
    remainingMs,
    elapsedMs,
    memoryBytes,
    peakMemoryBytes,
    message,
  } = progress;
  const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  const unit = stage === 'export' || stage === 'verify' ? 'File' : 'Layer';
  useAnnouncedStage(progress, percent);
  return (
    <Stack spacing={2}>
      <Box>
        <Stack direction="row" sx={{ justifyContent: 'space-between', mb: 0.75 }}>
          <Typography sx={{ fontWeight: 600 }}>{stageTitle(stage)}</Typography>
          <Typography>
            {unit} {Math.min(total, Math.floor(done) + 1)} of {total}
          </Typography>
        </Stack>
        <LinearProgress
          variant="determinate"
          value={percent}
          aria-label={stageTitle(stage)}
          aria-valuetext={formatPercent(percent / 100, 0)}
          sx={{ height: 10, borderRadius: 5 }}
        />
        <Typography variant="body2" color="textSecondary" sx={{ mt: 0.75, minHeight: '1.5em' }}>
          {message ?? ''}
        </Typography>
      </Box>
      <Facts
        minWidth={160}
        facts={[
          ['Time left in this step', remainingMs ? formatDurationRange(remainingMs) : 'being estimated'],
          ['Speed', tokensPerSecond === null ? '–' : `${formatFigure(tokensPerSecond)} tokens/s`],
          ['At work for', formatDuration(elapsedMs)],
          ['Memory now', formatBytes(memoryBytes)],
          ['Memory, peak', formatBytes(peakMemoryBytes)],
        ]}
      />
      <Typography variant="body2" color="textSecondary">
        You can close this window: the run goes on as long as the application is open, and shows here again.
      </Typography>
    </Stack>
  );
}

/** Has each new stage said, and each further quarter of it: often enough to follow, seldom enough to bear. */
function useAnnouncedStage({ stage, step }: RunProgress, percent: number): void {
  const quarter = Math.floor(percent / 25);
  useEffect(() => {
    announce(`${stepTitles[step]}. ${stageTitle(stage)}: ${quarter * 25} percent.`);
  }, [step, stage, quarter]);
}
