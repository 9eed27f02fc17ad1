import { Screen } from '../shell/screen.tsx';
import { ExperimentList } from './experiment-list.tsx';
import { NewExperiment } from './new-experiment.tsx';
import { ReportFromElsewhere } from './report-from-elsewhere.tsx';

/** Experiments: those that were started here, a new one, and reports from elsewhere. */
export function ExperimentsScreen() {
  return (
    <Screen
      title="Experiments"
      lead="A model is pruned and measured again and again, one thing changed at a time; or the scores of finished runs are looked into."
    >
      <ExperimentList />
      <NewExperiment />
      <ReportFromElsewhere />
    </Screen>
  );
}
