import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useQueries } from '@tanstack/react-query';
import { service } from '../bridge/bridge.ts';
import { problemOf } from '../bridge/refusal.ts';
import { MaskSimilarity } from '../results/mask-similarity.tsx';
import { linkTo } from '../shell/route.ts';
import { Screen } from '../shell/screen.tsx';
import { EmptyState } from '../widgets/empty-state.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { TaskComparison } from './task-comparison.tsx';

/** Some runs beside one another. */
export function CompareScreen({ runIds }: { readonly runIds: readonly number[] }) {
  const answers = useQueries({
    queries: runIds.map((runId) => ({
      queryKey: ['runs.get', { runId }],
      queryFn: () => service('runs.get', { runId }),
    })),
  });
  const error = answers.find((answer) => answer.error)?.error;
  const details = answers.flatMap(({ data }) => (data ? [data] : []));
  const isWhole = details.length === runIds.length;
  const sameModel = new Set(details.map(({ request }) => request.modelDir)).size === 1;
  const comparable = details.filter(
    ({ summary, runDir }) => summary.status === 'finished' && runDir !== null,
  );
  return (
    <Screen title="Compare runs" actions={<Button href={linkTo('/runs')}>Back to the runs</Button>}>
      {error && <ProblemAlert problem={problemOf(error)} />}
      {runIds.length < 2 && (
        <EmptyState title="Nothing to compare">
          Tick two to eight runs in the list, then choose Compare.
        </EmptyState>
      )}
      {isWhole && runIds.length > 1 && (
        <>
          <Section title="Settings and figures" lead="What differs is in bold.">
            <ComparisonTable details={details} />
          </Section>
          <TaskComparison
            runs={details.map(({ summary }) => summary).filter(({ status }) => status === 'finished')}
          />
          <Section title={<Term of="jaccard">Similarity of the masks</Term>}>
            {sameModel && comparable.length > 1 ? (
              <MaskSimilarity runIds={comparable.map(({ summary }) => summary.id)} />
            ) : (
              <Alert severity="info">
                {sameModel
                  ? 'Fewer than two of these runs are finished and still have their scores.'
                  : 'Masks can be compared between runs over the same model only.'}
              </Alert>
            )}
          </Section>
        </>
      )}
    </Screen>
  );
}
