import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { RunSummary } from '../../src/contract/run.ts';
import { goTo } from '../shell/route.ts';
import { formatCounted } from '../words/quantities.ts';
import { DeleteRuns } from './delete-runs.tsx';

const MOST_COMPARED = 8;

interface SelectionActionsProps {
  readonly selected: readonly number[];
  readonly runs: readonly RunSummary[];
  readonly onDone: () => void;
}

/** What can be done with the runs that are ticked. */
export function SelectionActions({ selected, runs, onDone }: SelectionActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  const count = selected.length;
  return (
    <Stack direction="row" spacing={1} sx={{ alignItems: 'center', mb: 1, minHeight: 36 }}>
      <Typography variant="body2" color="textSecondary" role="status">
        {count === 0 ? 'Tick runs to compare or delete them.' : `${formatCounted(count, 'run')} ticked.`}
      </Typography>
      {count > 0 && (
        <>
          <Button
            size="small"
            disabled={count < 2 || count > MOST_COMPARED}
            onClick={() => goTo(`/runs/compare?ids=${selected.join(',')}`)}
          >
            {count > MOST_COMPARED ? `Compare (${MOST_COMPARED} at most)` : 'Compare'}
          </Button>
          <Button size="small" color="error" onClick={() => setDeleting(true)}>
            Delete…
          </Button>
          <Button size="small" onClick={onDone}>
            Untick all
          </Button>
        </>
      )}
      {isDeleting && (
        <DeleteRuns
          runs={selected.map((id) => ({ id, name: runs.find((run) => run.id === id)?.name ?? `run ${id}` }))}
          onClose={() => setDeleting(false)}
          onDone={onDone}
        />
      )}
    </Stack>
  );
}
