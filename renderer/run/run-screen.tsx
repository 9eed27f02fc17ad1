import { useService } from '../bridge/use-service.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { StatusChip } from '../widgets/status-chip.tsx';
import { formatDuration, formatPercent, formatTime } from '../words/quantities.ts';
import { describeMethod } from '../words/run-words.ts';
import { LiveRun } from './live-run.tsx';
import { RunActions } from './run-actions.tsx';
import { RunSteps } from './run-steps.tsx';
import { StatusNote } from './status-note.tsx';

/** Step 5: a run at work, or what became of it. */
export function RunScreen({ runId }: { readonly runId: number }) {
  const detail = useService('runs.get', { runId });
  return (
    <Screen
      title={detail.data?.summary.name ?? 'Run'}
      actions={detail.data && <RunActions run={detail.data.summary} />}
    >
      <RunSteps runId={runId} here="Run" run={detail.data?.summary} />
      <Answer query={detail}>
        {({ summary, request, queuePosition, repeats }) => (
          <>
            {summary.problem && <ProblemAlert problem={summary.problem} />}
            <StatusNote run={summary} queuePosition={queuePosition} />
            {summary.status === 'running' && <LiveRun runId={runId} request={request} />}
            <Section title="The run">
              <Facts
                minWidth={190}
                facts={[
                  ['Status', <StatusChip key="status" run={summary} />],
                  ['Model', summary.modelName],
                  ['Domain', summary.domain ?? 'none'],
                  ['Method', describeMethod(summary)],
                  ['Sparsity', formatPercent(summary.sparsity)],
                  ['Seed', summary.seed],
                  ['Asked for', formatTime(summary.createdAt)],
                  ['Time at work', summary.workedMs > 0 ? formatDuration(summary.workedMs) : 'not yet'],
                  ...(repeats === null ? [] : [['Repeats', `run ${repeats}`] as const]),
                ]}
              />
              <Facts
                facts={[['Pruned model', <PathText key="out" path={summary.outDir} />]]}
                minWidth={400}
              />
            </Section>
          </>
        )}
      </Answer>
    </Screen>
  );
}
