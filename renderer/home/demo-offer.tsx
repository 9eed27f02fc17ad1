import PlayIcon from '@mui/icons-material/PlayArrow';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { service } from '../bridge/bridge.ts';
import { problemOf } from '../bridge/refusal.ts';
import { goTo } from '../shell/route.ts';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { takeRequest, useDraft } from '../wizard/draft.ts';

/** A whole run with the model that comes with the application. */
export function DemoOffer() {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch(setError);
    setBusy(false);
  };
  const takeDemo = async () => {
    const request = await service('runs.demoRequest', {});
    const [demo] = await service('models.list', {});
    takeRequest(request, { id: demo?.id ?? null, name: demo?.name ?? 'Demo' });
    const presets = await service('presets.list', {});
    const preset = presets.find(({ kind }) => kind === 'demo');
    useDraft.setState({ presetId: preset?.id ?? null, name: request.name, outDir: request.outDir });
    return request;
  };
  const start = () =>
    attempt(async () => {
      const { id } = await service('runs.start', await takeDemo());
      useDraft.setState({ runId: id });
      goTo(`/runs/${id}`);
    });
  const walkThrough = () =>
    attempt(async () => {
      await takeDemo();
      goTo('/new/model');
    });

  return (
    <Section title="See a whole run in a minute or two">
      <Stack spacing={2}>
        <Typography sx={{ maxWidth: '75ch' }}>
          A small model that knows licence texts and dictionary definitions comes with the application, with
          texts to prune it for. The demo measures it, prunes half of its weights, checks the result and
          measures it again.
        </Typography>
        <Stack direction="row" spacing={1}>
          <Button
            variant="contained"
            color="secondary"
            startIcon={<PlayIcon />}
            disabled={isBusy}
            onClick={() => void start()}
          >
            Run the demo
          </Button>
          <Button disabled={isBusy} onClick={() => void walkThrough()}>
            Go through its steps first
          </Button>
        </Stack>
        {error !== null && <ProblemAlert problem={problemOf(error)} />}
      </Stack>
    </Section>
  );
}
