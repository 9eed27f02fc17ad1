import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { RunSummary } from '../../src/contract/run.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange } from '../bridge/use-service.ts';
import { goTo } from '../shell/route.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';

/** Repeats a run from its record. */
export function RunAgain({ run, onClose }: { readonly run: RunSummary; readonly onClose: () => void }) {
  const [outDir, setOutDir] = useState(`${run.outDir.replace(/[\\/]+$/, '')}-again`);
  const again = useChange('runs.again', ['runs.list', 'app.info']);
  return (
    <Dialog open onClose={onClose} aria-labelledby="run-again" maxWidth="sm" fullWidth>
      <DialogTitle id="run-again">Run the same again</DialogTitle>
      <DialogContent>
        <Stack spacing={2}>
          <Typography>
            The same model, data, settings and seed, from the record of “{run.name}”. If nothing has changed
            since, the result is the same, byte for byte.
          </Typography>
          <TextField
            label="Folder, which is not there yet"
            value={outDir}
            onChange={({ target }) => setOutDir(target.value)}
            slotProps={{ htmlInput: { spellCheck: false } }}
          />
          {again.error && <ProblemAlert problem={problemOf(again.error)} />}
        </Stack>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="contained"
          disabled={again.isPending || outDir.trim() === ''}
          onClick={() =>
            again.mutate({ runId: run.id, outDir }, { onSuccess: ({ id }) => goTo(`/runs/${id}`) })
          }
        >
          Run again
        </Button>
      </DialogActions>
    </Dialog>
  );
}
