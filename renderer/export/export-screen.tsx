import { useService } from '../bridge/use-service.ts';
import { RunSteps } from '../run/run-steps.tsx';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { ExportForm } from './export-form.tsx';
import { ExportList } from './export-list.tsx';
import { OwnExport } from './own-export.tsx';
import { Reports } from './reports.tsx';

/** Step 7: the folder that the run wrote, other models of its scores, and reports. */
export function ExportScreen({ runId }: { readonly runId: number }) {
  const detail = useService('runs.get', { runId });
  const result = useService('results.get', { runId });
  const summary = detail.data?.summary;
  return (
    <Screen
      title={summary?.name ?? 'Export'}
      lead="What was written, what else can be written, and the evidence to hand on."
    >
      <RunSteps runId={runId} here="Export" run={summary} />
      <Answer query={detail}>{(found) => <OwnExport detail={found} />}</Answer>
      <Reports runId={runId} name={summary?.name ?? `run-${runId}`} />
      <Answer query={result}>
        {(found) =>
          summary && (
            <>
              <ExportForm run={summary} result={found} />
              <ExportList runId={runId} />
            </>
          )
        }
      </Answer>
    </Screen>
  );
}
