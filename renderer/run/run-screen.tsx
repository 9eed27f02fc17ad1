import type { RunSummary } from '../../src/contract/run.ts';
import { describeMethod } from '../../src/contract/titles.ts';
import { useService } from '../bridge/use-service.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { type Fact, Facts } from '../widgets/facts.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { PerplexityChange } from '../widgets/perplexity-change.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { StatusChip } from '../widgets/status-chip.tsx';
import { formatDuration, formatPercent, formatTime } from '../words/quantities.ts';
import { LiveRun } from './live-run.tsx';
import { RunActions } from './run-actions.tsx';
import { RunInRetrospect } from './run-in-retrospect.tsx';
import { RunSteps } from './run-steps.tsx';
import { StatusNote } from './status-note.tsx';

/** As far as they have been measured. */
const perplexities = ({ domainPerplexity, generalPerplexity }: RunSummary): Fact[] =>
  (
    [
      ['Domain perplexity', domainPerplexity],
      ['General perplexity', generalPerplexity],
    ] as const
  ).flatMap(([name, figures]) =>
    figures ? [[name, <PerplexityChange key={name} figures={figures} />] as const] : [],
  );

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
                  ...perplexities(summary),
                  ['Asked for', formatTime(summary.createdAt)],
                  // While it is at work, this is said above as it grows.
                  ...(summary.workedMs > 0
                    ? [['Time at work', formatDuration(summary.workedMs)] as const]
                    : []),
                  ...(repeats === null ? [] : [['Repeats', `run ${repeats}`] as const]),
                ]}
              />
              <Facts
                facts={[
                  [
                    summary.status === 'finished' ? 'Pruned model' : 'Folder for the pruned model',
                    <PathText key="out" path={summary.outDir} />,
                  ],
                ]}
                minWidth={400}
              />
            </Section>
            {summary.status === 'finished' && <RunInRetrospect runId={runId} />}
          </>
        )}
      </Answer>
    </Screen>
  );
}
