import Stack from '@mui/material/Stack';
import { useState } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { useNative, useService } from '../bridge/use-service.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { DropZone } from '../widgets/drop-zone.tsx';
import { EmptyState } from '../widgets/empty-state.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { ExperimentView } from './experiment-view.tsx';

const REPORTS = [{ name: 'Reports of experiments', extensions: ['json'] }];

/** What experiments on the command line have found. */
export function ExperimentsScreen() {
  const chooseFiles = useNative('dialog.chooseFiles');
  const [file, setFile] = useState<string | null>(null);
  const report = useService('experiments.open', { file: file ?? '' }, { enabled: file !== null });
  const choose = () =>
    chooseFiles.mutate(
      { title: 'Choose a report', filters: REPORTS, multiple: false },
      { onSuccess: ({ paths: [path] }) => path !== undefined && setFile(path) },
    );
  return (
    <Screen
      title="Experiments"
      lead="One thing changed at a time: the sparsity, μ, the mix, the seed. Experiments run on the command line, dpruner experiment; their reports are shown here."
    >
      <Section title="Report">
        <Stack spacing={2}>
          <DropZone
            verb="Choose a report…"
            onChoose={choose}
            onDrop={([path]) => path !== undefined && setFile(path)}
          >
            {file ?? 'or drop the .json file of an experiment here.'}
          </DropZone>
          {chooseFiles.error && <ProblemAlert problem={problemOf(chooseFiles.error)} />}
          {file === null && (
            <EmptyState title="No report is open">
              For instance, dpruner experiment sparsity … --out sweep writes sweep.json.
            </EmptyState>
          )}
        </Stack>
      </Section>
      <Answer query={report}>{(found) => <ExperimentView report={found} />}</Answer>
    </Screen>
  );
}
