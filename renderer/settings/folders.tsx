import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { SettingsView } from '../../src/contract/app-settings.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange, useNative } from '../bridge/use-service.ts';
import { Confirm } from '../widgets/confirm.tsx';
import { PathText } from '../widgets/path-text.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';

/** Where the application keeps what it keeps. */
export function Folders({ view }: { readonly view: SettingsView }) {
  const show = useNative('shell.showItem');
  const choose = useNative('dialog.chooseFolder');
  const restart = useNative('service.restart');
  const change = useChange('settings.chooseDataFolder');
  const [asked, setAsked] = useState<string | null>(null);
  const error = choose.error ?? change.error ?? restart.error;
  return (
    <Section title="Folders">
      <Stack spacing={2}>
        <FolderRow
          title="Data"
          help="History, scores and working files."
          path={view.dataFolder}
          onShow={() => show.mutate({ path: view.dataFolder })}
        >
          <Button
            disabled={view.locked.includes('dataFolder')}
            onClick={() =>
              choose.mutate({ title: 'Choose a data folder' }, { onSuccess: ({ path }) => setAsked(path) })
            }
          >
            Choose another…
          </Button>
        </FolderRow>
        <FolderRow
          title="Logs"
          help="What happened and when, without any calibration text."
          path={view.logFolder}
          onShow={() => show.mutate({ path: view.logFolder })}
        />
        {error && <ProblemAlert problem={problemOf(error)} />}
      </Stack>
      <Confirm
        isOpen={asked !== null}
        title="Use another data folder?"
        verb="Use it"
        onClose={() => setAsked(null)}
        onConfirm={() =>
          asked !== null && change.mutate({ folder: asked }, { onSuccess: () => restart.mutate({}) })
        }
      >
        <Typography>
          The service starts again with {asked}. The present folder stays as it is, with all its runs; choose
          it again to go back. A run at work is paused.
        </Typography>
      </Confirm>
    </Section>
  );
}

interface FolderRowProps {
  readonly title: string;
  readonly help: string;
  readonly path: string;
  readonly onShow: () => void;
  readonly children?: React.ReactNode;
}

function FolderRow({ title, help, path, onShow, children }: FolderRowProps) {
  return (
    <Stack direction="row" spacing={2} sx={{ alignItems: 'center', justifyContent: 'space-between' }}>
      <div>
        <Typography sx={{ fontWeight: 560 }}>{title}</Typography>
        <PathText path={path} />
        <Typography variant="body2" color="textSecondary">
          {help}
        </Typography>
      </div>
      <Stack direction="row" spacing={1} sx={{ flexShrink: 0 }}>
        <Button aria-label={`Show the ${title.toLowerCase()} folder`} onClick={onShow}>
          Show
        </Button>
        {children}
      </Stack>
    </Stack>
  );
}
