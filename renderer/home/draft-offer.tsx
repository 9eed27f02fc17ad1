import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { goTo } from '../shell/route.ts';
import { startAnew, useDraft } from '../wizard/draft.ts';
import { missingFrom, suggestedName } from '../wizard/draft-request.ts';

/** A run that was being put together when the window was closed. */
export function DraftOffer() {
  const draft = useDraft();
  if (draft.model === null || draft.runId !== null) return null;
  const step = missingFrom(draft)[0]?.step ?? 'hardware';
  return (
    <Alert
      severity="info"
      action={
        <>
          <Button color="inherit" onClick={() => goTo(`/new/${step}`)}>
            Go on
          </Button>
          <Button color="inherit" onClick={startAnew}>
            Discard
          </Button>
        </>
      }
    >
      You were preparing the run “{draft.name ?? suggestedName(draft)}”.
    </Alert>
  );
}
