import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useChange, useService } from '../bridge/use-service.ts';
import { goTo } from '../shell/route.ts';

/** Runs that a crash or a power loss has left. */
export function Interrupted() {
  const { data } = useService('runs.list', { statuses: ['interrupted'], limit: 5 });
  const resume = useChange('runs.resume', ['runs.list', 'runs.get', 'app.info']);
  return data?.runs.map(({ id, name }) => (
    <Alert
      key={id}
      severity="warning"
      action={
        <>
          <Button
            color="inherit"
            onClick={() => resume.mutate({ runId: id }, { onSuccess: () => goTo(`/runs/${id}`) })}
          >
            Resume
          </Button>
          <Button color="inherit" onClick={() => goTo(`/runs/${id}`)}>
            Open
          </Button>
        </>
      }
    >
      “{name}” was interrupted. Its finished layers are kept; it can go on from there.
    </Alert>
  ));
}
