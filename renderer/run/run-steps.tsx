import type { RunSummary } from '../../src/contract/run.ts';
import { useDraft } from '../wizard/draft.ts';
import { Steps, type StepTitle } from '../wizard/steps.tsx';

interface RunStepsProps {
  readonly runId: number;
  readonly here: StepTitle;
  readonly run: RunSummary | undefined;
}

/** The eight steps as they stand for a run that was started. */
export function RunSteps({ runId, here, run }: RunStepsProps) {
  const isDraft = useDraft((draft) => draft.runId === runId);
  const isFinished = run?.status === 'finished';
  const base = `/runs/${runId}`;
  return (
    <Steps
      here={here}
      completed={[
        'Model',
        'Domain',
        'Data',
        'Hardware',
        ...(isFinished ? (['Run', 'Results'] as const) : []),
      ]}
      paths={{
        // The first four show what the wizard holds, which is this run only if it was started there.
        ...(isDraft && {
          Model: '/new/model',
          Domain: '/new/domain',
          Data: '/new/data',
          Hardware: '/new/hardware',
        }),
        Run: base,
        ...(isFinished && { Results: `${base}/results`, Export: `${base}/export` }),
        History: '/runs',
      }}
    />
  );
}
