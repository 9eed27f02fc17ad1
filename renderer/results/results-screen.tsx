import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { describeMethod } from '../../src/contract/titles.ts';
import { useService } from '../bridge/use-service.ts';
import { RunSteps } from '../run/run-steps.tsx';
import { linkTo } from '../shell/route.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { InTurn } from '../widgets/in-turn.tsx';
import { formatPercent } from '../words/quantities.ts';
import { CalibrationTable } from './calibration-table.tsx';
import { Importances } from './importances.tsx';
import { PerplexityTable } from './perplexity-table.tsx';
import { Provenance } from './provenance.tsx';
import { SampleAnswers } from './sample-answers.tsx';
import { SimilarityChooser } from './similarity-chooser.tsx';
import { SliderPanel } from './slider-panel.tsx';
import { SparsityCurve } from './sparsity-curve.tsx';
import { TaskTable } from './task-table.tsx';
import { Verdict } from './verdict.tsx';
import { WhatZerosBuy } from './what-zeros-buy.tsx';

/** Step 6: what pruning cost, what was kept, and what other masks of the same scores would keep. */
export function ResultsScreen({ runId }: { readonly runId: number }) {
  const detail = useService('runs.get', { runId });
  const result = useService('results.get', { runId });
  const summary = detail.data?.summary;
  return (
    <Screen
      title={summary?.name ?? 'Results'}
      lead={
        summary &&
        `${describeMethod(summary)} · ${formatPercent(summary.sparsity)} of each matrix · ${summary.domain ?? 'no domain'}`
      }
      actions={
        <Button variant="contained" href={linkTo(`/runs/${runId}/export`)}>
          Export and report
        </Button>
      }
    >
      <RunSteps runId={runId} here="Results" run={summary} />
      <Answer query={result} waitingFor="Reading the results">
        {(found) => (
          <>
            {found.notes.map((note) => (
              <Alert key={note} severity="info">
                {note}
              </Alert>
            ))}
            <Verdict result={found} />
            <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', xl: '3fr 2fr' } }}>
              {found.texts.length > 0 || found.tasks.length === 0 ? (
                <PerplexityTable texts={found.texts} />
              ) : (
                <TaskTable tasks={found.tasks} />
              )}
              <WhatZerosBuy result={found} />
            </Box>
            {found.texts.length > 0 && found.tasks.length > 0 && <TaskTable tasks={found.tasks} />}
            <SampleAnswers runId={runId} />
            {found.hasScores && summary ? (
              <InTurn>
                <SliderPanel run={summary} result={found} />
                <SparsityCurve run={summary} texts={found.texts} />
                <Importances runId={runId} matrices={found.matrices} />
                <SimilarityChooser run={summary} />
              </InTurn>
            ) : (
              <Alert severity="info">
                This run has no scores (its method makes none, or they were removed), so its mask cannot be
                changed without running again.
              </Alert>
            )}
            {found.calibration && <CalibrationTable calibration={found.calibration} />}
            <Provenance result={found} />
          </>
        )}
      </Answer>
    </Screen>
  );
}
