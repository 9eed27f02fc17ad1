import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { service } from '../bridge/bridge.ts';
import { queryClient } from '../bridge/query-client.ts';
import { problemOf } from '../bridge/refusal.ts';
import { announce } from '../shell/announcer.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { formatBytes, formatCounted } from '../words/quantities.ts';

interface DeleteRunsProps {
  readonly runs: readonly { readonly id: number; readonly name: string }[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Deletes runs with their files, after asking. */
export function DeleteRuns({ runs, onClose, onDone }: DeleteRunsProps) {
  const [withOutput, setWithOutput] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const remove = async () => {
    setBusy(true);
    setError(null);
    let freedBytes = 0;
    try {
      // One after the other: the first refusal stops the rest.
      for (const { id } of runs)
        freedBytes += (await service('runs.remove', { runId: id, withOutput })).freedBytes;
      announce(`${formatCounted(runs.length, 'run')} deleted, ${formatBytes(freedBytes)} freed.`);
      onDone();
      onClose();
    } catch (fault) {
      setError(fault);
    }
    setBusy(false);
    await queryClient.invalidateQueries({ queryKey: ['runs.list'] });
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="delete-runs" maxWidth="sm" fullWidth>
      <DialogTitle id="delete-runs">Delete {formatCounted(runs.length, 'run')}?</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Typography component="ul" sx={{ m: 0, pl: 2.5, maxHeight: 160, overflowY: 'auto' }} tabIndex={0}>
            {runs.map(({ id, name }) => (
              <li key={id}>{name}</li>
            ))}
          </Typography>
          <Typography>
            Records, scores and working files go, also from the database’s backups. The audit trail keeps a
            line that they were deleted. This cannot be undone.
          </Typography>
          <FormControlLabel
            control={<Checkbox checked={withOutput} onChange={(_, checked) => setWithOutput(checked)} />}
            label="Also delete the pruned models that these runs wrote"
          />
          {error !== null && <ProblemAlert problem={problemOf(error)} />}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose} autoFocus>
          Keep
        </Button>
        <Button variant="contained" color="error" disabled={isBusy} onClick={() => void remove()}>
          {isBusy ? 'Deleting…' : 'Delete'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
