import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useService } from '../bridge/use-service.ts';
import { EmptyState } from '../widgets/empty-state.tsx';

const MOST_CHOSEN = 8;

interface RunsChoiceProps {
  readonly ids: readonly number[];
  readonly onChange: (ids: readonly number[]) => void;
}

/** Finished runs over one model. */
export function RunsChoice({ ids, onChange }: RunsChoiceProps) {
  const { data } = useService('runs.list', { statuses: ['finished'], limit: 500 });
  const runs = data?.runs.filter(({ method }) => method === 'd-pruner') ?? [];
  const modelDir = runs.find(({ id }) => id === ids[0])?.modelDir;
  if (data && runs.length === 0) {
    return (
      <EmptyState title="No finished run by D-Pruner yet">
        Run the demo or a model of your own first; its scores are looked into here.
      </EmptyState>
    );
  }
  return (
    <Autocomplete
      multiple
      options={runs}
      value={runs.filter(({ id }) => ids.includes(id))}
      getOptionLabel={({ id, name }) => `${name} (run ${id})`}
      isOptionEqualToValue={(a, b) => a.id === b.id}
      getOptionDisabled={(run) =>
        ids.length >= MOST_CHOSEN || (modelDir !== undefined && run.modelDir !== modelDir)
      }
      onChange={(_, chosen) => onChange(chosen.map(({ id }) => id))}
      renderInput={(params) => <TextField {...params} label="Runs over one model" />}
    />
  );
}
