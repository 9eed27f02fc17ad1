import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useQuery } from '@tanstack/react-query';
import { criterionTitle } from '../../src/contract/titles.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useService } from '../bridge/use-service.ts';
import { Facts } from '../widgets/facts.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { useDraft } from '../wizard/draft.ts';
import { formatCount } from '../words/quantities.ts';
import { type Base, type BaseId, draftBase, fetchBase } from './experiment-base.ts';

const MOST_RUNS = 100;

/** @returns the chosen base; null while it is fetched */
export function useBase(id: BaseId): { readonly base: Base | null; readonly error: unknown } {
  const draft = useDraft();
  const { data, error } = useQuery({
    queryKey: ['experiment-base', id],
    queryFn: () => fetchBase(id as Exclude<BaseId, 'draft'>),
    enabled: id !== 'draft',
  });
  return { base: id === 'draft' ? draftBase(draft) : (data ?? null), error };
}

interface BaseChoiceProps {
  readonly id: BaseId;
  readonly onChange: (id: BaseId) => void;
}

/** Which model, texts and settings an experiment takes over. */
export function BaseChoice({ id, onChange }: BaseChoiceProps) {
  const { data } = useService('runs.list', { statuses: ['finished'], limit: MOST_RUNS });
  const prepared = draftBase(useDraft());
  const { base, error } = useBase(id);
  return (
    <Stack spacing={2}>
      <TextField
        select
        label="Model, texts and settings of"
        value={id}
        onChange={({ target }) => onChange(target.value as BaseId)}
      >
        <MenuItem value="demo">The demo</MenuItem>
        {prepared && <MenuItem value="draft">What is prepared under New run: {prepared.name}</MenuItem>}
        {data?.runs.map(({ id: runId, name, modelName }) => (
          <MenuItem key={runId} value={`run:${runId}`}>
            Run {runId}: {name} ({modelName})
          </MenuItem>
        ))}
      </TextField>
      {error !== null && <ProblemAlert problem={problemOf(error)} />}
      {base && <Facts facts={factsOf(base)} minWidth={180} />}
    </Stack>
  );
}

function factsOf({ modelName, request: { settings, calibration, evaluation } }: Base) {
  const { texts, tasks } = evaluation;
  return [
    ['Model', modelName],
    ['Domain', calibration?.preset.title ?? 'none'],
    ['Criterion', criterionTitle(settings.criterion)],
    ['Domain samples', formatCount(settings.samples)],
    ['General samples', formatCount(settings.openSamples)],
    ['Measured on', [...texts, ...tasks].map(({ name }) => name).join(', ') || 'nothing'],
  ] as const;
}
