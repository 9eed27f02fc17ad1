import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { ExperimentSummary } from '../../src/contract/known-experiment.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange, useNative } from '../bridge/use-service.ts';
import { announce } from '../shell/announcer.tsx';
import { goTo } from '../shell/route.ts';
import { Confirm } from '../widgets/confirm.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { WorkActions } from '../widgets/work-actions.tsx';

const OUTDATED = ['experiments.get', 'experiments.list', 'app.info'] as const;
const FORMATS = [
  { name: 'A page to read or print', extensions: ['html'] },
  { name: 'A report that this screen can open', extensions: ['json'] },
];

/** Pause, resume, cancel; save what was found; delete. */
export function ExperimentActions({ experiment }: { readonly experiment: ExperimentSummary }) {
  const { id: experimentId, name, status } = experiment;
  const pause = useChange('experiments.pause', OUTDATED);
  const resume = useChange('experiments.resume', OUTDATED);
  const cancel = useChange('experiments.cancel', OUTDATED);
  const remove = useChange('experiments.remove', OUTDATED);
  const chooseFile = useNative('dialog.chooseSaveFile');
  const save = useChange('experiments.save');
  const [isAsking, setAsking] = useState(false);
  const error = remove.error ?? chooseFile.error ?? save.error;
  const saveReport = async () => {
    const defaultName = `${name.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.html`;
    const { path } = await chooseFile.mutateAsync({
      ...{ title: 'Save the report', defaultName, filters: FORMATS },
    });
    if (path === null) return;
    save.mutate({ experimentId, file: path }, { onSuccess: () => announce('The report was saved.') });
  };
  return (
    <>
      <WorkActions
        work={experiment}
        noun="experiment"
        pause={() => pause.mutate({ experimentId })}
        resume={() => resume.mutate({ experimentId })}
        cancel={() => cancel.mutate({ experimentId })}
        isBusy={pause.isPending || resume.isPending || cancel.isPending}
        error={pause.error ?? resume.error ?? cancel.error}
      >
        Its finished points and scores are removed, and it cannot go on later. To stop it for a while, pause
        it instead.
      </WorkActions>
      {status === 'finished' && (
        <Button variant="outlined" onClick={() => void saveReport()}>
          Save the report…
        </Button>
      )}
      {!['queued', 'running'].includes(status) && (
        <Button color="error" onClick={() => setAsking(true)}>
          Delete…
        </Button>
      )}
      {error && <ProblemAlert problem={problemOf(error)} />}
      <Confirm
        isOpen={isAsking}
        title="Delete this experiment?"
        verb="Delete it"
        isDangerous
        onClose={() => setAsking(false)}
        onConfirm={() => remove.mutate({ experimentId }, { onSuccess: () => goTo('/experiments') })}
      >
        <Typography>
          Its report, working files and record go, also from the database’s backups. Runs stay as they are.
          This cannot be undone.
        </Typography>
      </Confirm>
    </>
  );
}
