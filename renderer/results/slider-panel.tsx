import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import type { RunResult } from '../../src/contract/result.ts';
import type { RunSummary } from '../../src/contract/run.ts';
import { useService } from '../bridge/use-service.ts';
import { linkTo } from '../shell/route.ts';
import { Answer } from '../widgets/answer.tsx';
import { MaskSliders } from '../widgets/mask-sliders.tsx';
import { Section } from '../widgets/section.tsx';
import { KeptHeatMap } from './kept-heat-map.tsx';
import { KeptShares } from './kept-shares.tsx';

interface SliderPanelProps {
  readonly run: RunSummary;
  readonly result: RunResult;
}

/** Another sparsity, another μ: what the mask would keep, at once, from the stored histograms. */
export function SliderPanel({ run, result }: SliderPanelProps) {
  const runId = run.id;
  const [sparsity, setSparsity] = useState(run.sparsity);
  const [mu, setMu] = useState(run.mu);
  const predicted = useService('results.predict', { runId, sparsity, mu }, { keepPrevious: true });
  const own = useService('results.predict', { runId, sparsity: run.sparsity, mu: run.mu });
  const isChanged = sparsity !== run.sparsity || mu !== run.mu;
  return (
    <Section
      title="Try another mask"
      lead="What would be kept, predicted from the stored scores. Writing such a model takes seconds: nothing is calibrated again."
      actions={
        <>
          <Button
            disabled={!isChanged}
            onClick={() => {
              setSparsity(run.sparsity);
              setMu(run.mu);
            }}
          >
            Back to the run’s
          </Button>
          <Button
            variant="outlined"
            disabled={!isChanged}
            href={linkTo(`/runs/${runId}/export?sparsity=${sparsity}&mu=${mu}`)}
          >
            Write this model…
          </Button>
        </>
      }
    >
      <Stack spacing={3}>
        <MaskSliders {...{ result, sparsity, mu }} onSparsity={setSparsity} onMu={setMu} />
        <Answer query={predicted}>
          {(prediction) => (
            <>
              <KeptShares prediction={prediction} own={own.data ?? null} />
              <KeptHeatMap prediction={prediction} />
              <Typography variant="caption" color="textSecondary">
                Predicted in {prediction.elapsedMs < 1 ? 'less than 1' : Math.round(prediction.elapsedMs)} ms.
              </Typography>
            </>
          )}
        </Answer>
      </Stack>
    </Section>
  );
}
