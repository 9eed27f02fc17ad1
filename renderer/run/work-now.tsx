import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useEffect } from 'react';
import type { WorkProgress } from '../../src/contract/run-progress.ts';
import { stageTitle } from '../../src/contract/titles.ts';
import { announce } from '../shell/announcer.tsx';
import { Facts } from '../widgets/facts.tsx';
import {
  formatBytes,
  formatDuration,
  formatDurationRange,
  formatFigure,
  formatPercent,
} from '../words/quantities.ts';

interface WorkNowProps {
  /** Undefined until the first is heard of. */
  readonly progress: WorkProgress | undefined;
  /** What a screen reader hears it is about. */
  readonly what: string;
}

/** Where a worker is, how fast, how long still, how much memory. */
export function WorkNow({ progress, what }: WorkNowProps) {
  if (!progress) return <LinearProgress aria-label="Starting" />;
  return <Now {...{ progress, what }} />;
}

function Now({ progress, what }: WorkNowProps & { readonly progress: WorkProgress }) {
  const { stage, done, total, tokensPerSecond, elapsedMs, memoryBytes, peakMemoryBytes } = progress;
  const { remainingMs, wholeRemainingMs } = progress;
  const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
  const unit = stage === 'export' || stage === 'verify' ? 'File' : 'Layer';
  useAnnouncedStage(progress, what, percent);
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
          {progress.message ?? ''}
        </Typography>
      </Box>
      <Facts
        minWidth={160}
        facts={[
          ['Time left', wholeRemainingMs ? formatDurationRange(wholeRemainingMs) : 'being estimated'],
          ...(remainingMs ? [['Of it in this step', formatDurationRange(remainingMs)] as const] : []),
          ['Speed', tokensPerSecond === null ? '–' : `${formatFigure(tokensPerSecond)} tokens/s`],
          ['At work for', formatDuration(elapsedMs)],
          ['Memory now', formatBytes(memoryBytes)],
          ['Memory, peak', formatBytes(peakMemoryBytes)],
        ]}
      />
      <Typography variant="body2" color="textSecondary">
        You can close this window: it goes on as long as the application is open, and shows here again.
      </Typography>
    </Stack>
  );
}

/** Has each new stage said, and each further quarter of it: often enough to follow, seldom enough to bear. */
function useAnnouncedStage({ stage }: WorkProgress, what: string, percent: number): void {
  const quarter = Math.floor(percent / 25);
  useEffect(() => {
    announce(`${what}. ${stageTitle(stage)}: ${quarter * 25} percent.`);
  }, [what, stage, quarter]);
}
