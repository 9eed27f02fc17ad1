import AddIcon from '@mui/icons-material/Add';
import Button from '@mui/material/Button';
import { useService } from '../bridge/use-service.ts';
import { linkTo } from '../shell/route.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { DemoOffer } from './demo-offer.tsx';
import { DraftOffer } from './draft-offer.tsx';
import { HowItGoes } from './how-it-goes.tsx';
import { Interrupted } from './interrupted.tsx';
import { InterruptedExperiments } from './interrupted-experiments.tsx';
import { RecentRuns } from './recent-runs.tsx';

/** What can be done next, and what was done last. */
export function Home() {
  const recent = useService('runs.list', { limit: 8 });
  return (
    <Screen
      title="Prune a language model for your domain"
      lead="Keeps the weights that general ability and your domain rest on and sets the rest to zero. Everything happens on this computer; nothing leaves it."
      actions={
        <Button variant="contained" startIcon={<AddIcon />} href={linkTo('/new/model')}>
          New run
        </Button>
      }
    >
      <Interrupted />
      <InterruptedExperiments />
      <DraftOffer />
      <Answer query={recent}>
        {({ runs, total }) => {
          const isNew = !runs.some(({ status }) => status === 'finished');
          return (
            <>
              {isNew && <DemoOffer />}
              {isNew && <HowItGoes />}
              {total > 0 && <RecentRuns runs={runs} total={total} />}
            </>
          );
        }}
      </Answer>
    </Screen>
  );
}
