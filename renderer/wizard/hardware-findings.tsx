import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import type { RunRequestInput } from '../../src/contract/run-request.ts';
import { useService } from '../bridge/use-service.ts';
import { announce } from '../shell/announcer.tsx';
import { Answer } from '../widgets/answer.tsx';
import { Section } from '../widgets/section.tsx';
import { formatBytes, formatDurationRange } from '../words/quantities.ts';
import { BackendChoice } from './backend-choice.tsx';
import { HardwareRow } from './hardware-row.tsx';
import { StageTimes } from './stage-times.tsx';

/** The check of this computer against the run. */
export function HardwareFindings({ request }: { readonly request: RunRequestInput }) {
  const settled = useSettled(request);
  const check = useService('hardware.check', { request: settled }, { keepPrevious: true, forget: true });
  useEffect(() => {
    if (check.data)
      announce(check.data.rows.every(({ isOk }) => isOk) ? 'The run fits.' : 'The run does not fit yet.');
  }, [check.data]);
  return (
    <Section
      title="This computer"
      actions={
        <Button disabled={check.isFetching} onClick={() => void check.refetch()}>
          {check.isFetching ? 'Checking…' : 'Check again'}
        </Button>
      }
    >
      <Answer query={check} waitingFor="Testing and measuring this computer">
        {({ rows, backends, predictedMs, stages, machine }) => (
          <Stack spacing={3}>
            <Typography>
              {predictedMs ? (
                <>
                  The run will take <strong>{formatDurationRange(predictedMs)}</strong> on this computer (
                  {machine.cpuModel}, {machine.cores} cores, {formatBytes(machine.memoryTotalBytes)} of
                  memory).
                </>
              ) : (
                'How long the run will take cannot be said before what does not fit below is put right.'
              )}
            </Typography>
            <Stack spacing={1.5}>
              {rows.map((row) => (
                <HardwareRow key={row.id} row={row} />
              ))}
            </Stack>
            <BackendChoice backends={backends} />
            {stages.length > 0 && <StageTimes stages={stages} />}
          </Stack>
        )}
      </Answer>
    </Section>
  );
}

/** The value once it has not changed for a while: a check takes seconds, and names are typed letter by letter. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(JSON.parse(text) as Value), 600);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
