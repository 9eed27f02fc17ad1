import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import { type FormEvent, useState } from 'react';
import type { RunSummary } from '../../src/contract/run.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange } from '../bridge/use-service.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';

/** Gives a run another name. */
export function RenameRun({ run, onClose }: { readonly run: RunSummary; readonly onClose: () => void }) {
  const [name, setName] = useState(run.name);
  const rename = useChange('runs.rename', ['runs.list', 'runs.get']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ runId: run.id, name: name.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="rename-run" maxWidth="sm" fullWidth>
      <form onSubmit={submit}>
        <DialogTitle id="rename-run">Rename the run</DialogTitle>
        <DialogContent>
          <TextField
            label="Name"
            value={name}
            onChange={({ target }) => setName(target.value)}
            fullWidth
            autoFocus
            sx={{ mt: 1 }}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
          {rename.error && <ProblemAlert problem={problemOf(rename.error)} />}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="contained" disabled={name.trim() === ''}>
            Rename
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
