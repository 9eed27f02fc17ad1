import Stack from '@mui/material/Stack';
import { useState } from 'react';
import { problemOf } from '../bridge/refusal.ts';
import { useNative, useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { DropZone } from '../widgets/drop-zone.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { ExperimentView } from './experiment-view.tsx';

const REPORTS = [{ name: 'Reports of experiments', extensions: ['json'] }];

/** What an experiment on the command line or another computer has found. */
export function ReportFromElsewhere() {
  const chooseFiles = useNative('dialog.chooseFiles');
  const [file, setFile] = useState<string | null>(null);
  const report = useService('experiments.open', { file: file ?? '' }, { enabled: file !== null });
  const choose = () =>
    chooseFiles.mutate(
      { title: 'Choose a report', filters: REPORTS, multiple: false },
      { onSuccess: ({ paths: [path] }) => path !== undefined && setFile(path) },
    );
  return (
    <>
      <Section
        title="A report from elsewhere"
        lead="Of the command line, for instance: dpruner experiment sparsity … --out sweep writes sweep.json."
      >
        <Stack spacing={2}>
          <DropZone
            verb="Choose a report…"
            onChoose={choose}
            onDrop={([path]) => path !== undefined && setFile(path)}
          >
            {file ?? 'or drop the .json file of an experiment here.'}
          </DropZone>
          {chooseFiles.error && <ProblemAlert problem={problemOf(chooseFiles.error)} />}
        </Stack>
      </Section>
      <Answer query={report}>{(found) => <ExperimentView report={found} />}</Answer>
    </>
  );
}
