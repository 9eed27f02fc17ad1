import Alert from '@mui/material/Alert';
import { problemOf } from '../bridge/refusal.ts';
import { useChange, useService } from '../bridge/use-service.ts';
import { Screen } from '../shell/screen.tsx';
import { Answer } from '../widgets/answer.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { ApplicationSettings } from './application-settings.tsx';
import { Folders } from './folders.tsx';
import { PolicySection } from './policy-section.tsx';

/** What holds for the whole application. */
export function SettingsScreen() {
  const view = useService('settings.get', {});
  const change = useChange('settings.change', ['settings.get']);
  return (
    <Screen title="Settings" lead="Changes take effect at once.">
      {change.error && <ProblemAlert problem={problemOf(change.error)} />}
      <Answer query={view}>
        {(found) => (
          <>
            {found.locked.length > 0 && (
              <Alert severity="info">
                Some settings are decided by your administrators’ policy and cannot be changed here.
              </Alert>
            )}
            <ApplicationSettings view={found} onChange={(to) => change.mutate(to)} />
            <Folders view={found} />
          </>
        )}
      </Answer>
      <PolicySection />
    </Screen>
  );
}
