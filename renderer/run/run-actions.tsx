import type { RunSummary } from '../../src/contract/run.ts';
import { useChange } from '../bridge/use-service.ts';
import { WorkActions } from '../widgets/work-actions.tsx';

const OUTDATED = ['runs.get', 'runs.list'] as const;

/** Pause, resume, cancel. */
export function RunActions({ run }: { readonly run: RunSummary }) {
  const { id: runId } = run;
  const pause = useChange('runs.pause', OUTDATED);
  const resume = useChange('runs.resume', OUTDATED);
  const cancel = useChange('runs.cancel', OUTDATED);
  return (
    <WorkActions
      work={run}
      noun="run"
      pause={() => pause.mutate({ runId })}
      resume={() => resume.mutate({ runId })}
      cancel={() => cancel.mutate({ runId })}
      isBusy={pause.isPending || resume.isPending || cancel.isPending}
      error={pause.error ?? resume.error ?? cancel.error}
    >
      Its scores and working files are removed, and it cannot go on later. To stop it for a while, pause it
      instead.
    </WorkActions>
  );
}
