import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { EXPERIMENTS, type ExperimentName } from '../../src/contract/experiment.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange } from '../bridge/use-service.ts';
import { goTo } from '../shell/route.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { BaseChoice, useBase } from './base-choice.tsx';
import type { BaseId } from './experiment-base.ts';
import { experimentLeads, experimentTitles, isSweep } from './experiment-words.ts';
import { newRequest, suggestedName } from './new-request.ts';
import { PointsField } from './points-field.tsx';
import { RunsChoice } from './runs-choice.tsx';

/** An experiment to be started. */
export function NewExperiment() {
  const [experiment, setExperiment] = useState<ExperimentName>('sparsity');
  const [baseId, setBaseId] = useState<BaseId>('demo');
  const [runIds, setRunIds] = useState<readonly number[]>([]);
  const [points, setPoints] = useState('');
  const [name, setName] = useState('');
  const { base } = useBase(baseId);
  const start = useChange('experiments.start', ['experiments.list', 'app.info']);
  const { request, missing } = newRequest({ experiment, base, points, runIds, name });
  const looksIntoRuns = experiment === 'similarity' || experiment === 'distributions';
  const submit = () =>
    request && start.mutate(request, { onSuccess: ({ id }) => goTo(`/experiments/${id}`) });
  return (
    <Section title="New experiment">
      <Stack spacing={2.5}>
        <TextField
          select
          label="Experiment"
          value={experiment}
          helperText={experimentLeads[experiment]}
          onChange={({ target }) => {
            setExperiment(target.value as ExperimentName);
            setPoints('');
          }}
        >
          {EXPERIMENTS.map((one) => (
            <MenuItem key={one} value={one}>
              {experimentTitles[one]}
            </MenuItem>
          ))}
        </TextField>
        {looksIntoRuns ? (
          <RunsChoice ids={runIds} onChange={setRunIds} />
        ) : (
          <BaseChoice id={baseId} onChange={setBaseId} />
        )}
        {isSweep(experiment) && (
          <PointsField
            sweep={experiment}
            parts={base?.request.calibration?.preset.parts ?? []}
            value={points}
            onChange={setPoints}
          />
        )}
        <TextField
          label="Name of the experiment"
          value={name}
          placeholder={suggestedName({ experiment, base })}
          onChange={({ target }) => setName(target.value)}
          slotProps={{ inputLabel: { shrink: true }, htmlInput: { maxLength: 200 } }}
        />
        {start.error && <ProblemAlert problem={problemOf(start.error)} />}
        <Stack direction="row" spacing={2} sx={{ alignItems: 'center', justifyContent: 'flex-end' }}>
          <Typography variant="body2" color="textSecondary" aria-live="polite">
            {missing ?? ''}
          </Typography>
          <Button variant="contained" disabled={request === null || start.isPending} onClick={submit}>
            Start the experiment
          </Button>
        </Stack>
      </Stack>
    </Section>
  );
}
