import PlayIcon from '@mui/icons-material/PlayArrow';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import { useEffect } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { useChange, useService } from '../bridge/use-service.ts';
import { goTo } from '../shell/route.ts';
import { EmptyState } from '../widgets/empty-state.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { useDraft } from './draft.ts';
import { missingFrom, requestOf, suggestedOutDir } from './draft-request.ts';
import { HardwareFindings } from './hardware-findings.tsx';
import { OutputFields } from './output-fields.tsx';
import { StepButtons } from './step-buttons.tsx';

/** Step 4: where the result goes, and whether this computer can do it. */
export function HardwareStep() {
  const draft = useDraft();
  const demo = useService('runs.demoRequest', {});
  const start = useChange('runs.start', ['runs.list', 'app.info']);
  const request = requestOf(draft);
  const [missing] = missingFrom(draft);
  const { outDir, model } = draft;

  useEffect(() => {
    if (outDir !== null || model === null) return;
    const isDemo = model.id === 'demo';
    if (isDemo && !demo.data) return;
    // The demo model lies among the application's own files: its results go where the demo's go.
    const folder = isDemo ? (demo.data?.outDir.replace(/[\\/][^\\/]+[\\/]?$/, '') ?? null) : null;
    useDraft.setState((now) => ({ outDir: suggestedOutDir(now, folder, new Date()) }));
  }, [outDir, model, demo.data]);

  if (missing !== undefined) {
    return (
      <EmptyState
        title="Something is still missing"
        action={
          <Button variant="contained" onClick={() => goTo(`/new/${missing.step}`)}>
            Go there
          </Button>
        }
      >
        {missing.message}
      </EmptyState>
    );
  }
  return (
    <>
      <OutputFields />
      {request && <HardwareFindings request={request} />}
      {start.error && <ProblemAlert problem={problemOf(start.error)} />}
      <Stack>
        <StepButtons
          back="/new/data"
          missing={null}
          action={
            draft.runId !== null ? (
              <Button variant="contained" onClick={() => goTo(`/runs/${draft.runId}`)}>
                Go to the run
              </Button>
            ) : (
              <Button
                variant="contained"
                startIcon={<PlayIcon />}
                disabled={request === null || start.isPending}
                onClick={() =>
                  request &&
                  start.mutate(request, {
                    onSuccess: ({ id }) => {
                      useDraft.setState({ runId: id });
                      goTo(`/runs/${id}`);
                    },
                  })
                }
              >
                Start the run
              </Button>
            )
          }
        />
      </Stack>
    </>
  );
}
