import Alert from '@mui/material/Alert';
import { useEffect } from 'react';
import type { ExperimentRequest } from '../../src/contract/experiment-request.ts';
import type { ExperimentDetail, ExperimentSummary } from '../../src/contract/known-experiment.ts';
import { service } from '../bridge/bridge.ts';
import { takeExperimentProgress, useLiveProgress } from '../bridge/live-progress.ts';
import { useService } from '../bridge/use-service.ts';
import { WorkNow } from '../run/work-now.tsx';
import { Screen } from '../shell/screen.tsx';
import { useAnnouncedStatus } from '../shell/use-announced-status.ts';
import { Answer } from '../widgets/answer.tsx';
import { Facts } from '../widgets/facts.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { StatusChip } from '../widgets/status-chip.tsx';
import { formatDuration, formatTime } from '../words/quantities.ts';
import { ExperimentActions } from './experiment-actions.tsx';
import { ExperimentView } from './experiment-view.tsx';
import { experimentLeads, experimentTitles, pointsText } from './experiment-words.ts';

/** One experiment: at work, waiting, or what it found. */
export function ExperimentScreen({ experimentId }: { readonly experimentId: number }) {
  const detail = useService('experiments.get', { experimentId });
  const summary = detail.data?.summary;
  return (
    <Screen
      title={summary?.name ?? 'Experiment'}
      lead={summary && experimentLeads[summary.experiment]}
      actions={summary && <ExperimentActions experiment={summary} />}
    >
      <Answer query={detail}>{(found) => <Found detail={found} />}</Answer>
    </Screen>
  );
}

function Found({ detail: { summary, request, queuePosition } }: { readonly detail: ExperimentDetail }) {
  const { id, status, problem } = summary;
  const isFinished = status === 'finished';
  const report = useService('experiments.report', { experimentId: id }, { enabled: isFinished });
  useAnnouncedStatus(summary);
  return (
    <>
      {problem && <ProblemAlert problem={problem} />}
      {noteOf(summary, queuePosition) && <Alert severity="info">{noteOf(summary, queuePosition)}</Alert>}
      {status === 'running' && <Live experimentId={id} />}
      <Section title="The experiment">
        <Facts facts={factsOf(summary, request)} minWidth={190} />
      </Section>
      {isFinished && <Answer query={report}>{(found) => <ExperimentView report={found} />}</Answer>}
    </>
  );
}

function Live({ experimentId }: { readonly experimentId: number }) {
  const progress = useLiveProgress(({ experiments }) => experiments[experimentId]);
  useEffect(() => {
    // For a window that was opened while it was at work already.
    void service('experiments.progress', { experimentId }).then(
      (latest) => latest && takeExperimentProgress(latest),
    );
  }, [experimentId]);
  return (
    <Section title="At work">
      <WorkNow progress={progress} what="Experiment" />
    </Section>
  );
}

function noteOf({ status }: ExperimentSummary, queuePosition: number | null): string | null {
  switch (status) {
    case 'queued':
      return `Waiting${queuePosition === null ? '' : `: number ${queuePosition} of the experiments`}. It starts by itself when no run is at work or in the queue.`;
    case 'paused':
      return 'Paused. Finished points and layers are kept; Resume goes on from there, also after a restart of the computer.';
    case 'interrupted':
      return 'Interrupted by a crash, a power loss or the end of the application. Finished points and layers are kept.';
    case 'cancelled':
      return 'The experiment was given up. Its finished points and scores are gone; its record stays.';
    default:
      return null;
  }
}

function factsOf(summary: ExperimentSummary, request: ExperimentRequest) {
  const { experiment, modelName, createdAt, workedMs } = summary;
  return [
    ['Status', <StatusChip key="status" run={summary} />],
    ['Experiment', experimentTitles[experiment]],
    ['Model', modelName],
    ...('values' in request ? [['Points', pointsText(request.experiment, request.values)] as const] : []),
    ...('calibration' in request ? [['Domain', request.calibration.preset.title] as const] : []),
    ...('runIds' in request ? [['Runs', request.runIds.join(', ')] as const] : []),
    ['Asked for', formatTime(createdAt)],
    ...(workedMs > 0 ? [['Time at work', formatDuration(workedMs)] as const] : []),
  ] as const;
}
