import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import { useService } from '../bridge/use-service.ts';
import { goTo } from '../shell/route.ts';

/** Experiments among the latest that a crash or a power loss has left. */
export function InterruptedExperiments() {
  const { data } = useService('experiments.list', { limit: 25 });
  const left = data?.experiments.filter(({ status }) => status === 'interrupted') ?? [];
  return left.map(({ id, name }) => (
    <Alert
      key={id}
      severity="warning"
      action={
        <Button color="inherit" onClick={() => goTo(`/experiments/${id}`)}>
          Open
        </Button>
      }
    >
      The experiment “{name}” was interrupted. Its finished points are kept; it can go on from there.
    </Alert>
  ));
}
