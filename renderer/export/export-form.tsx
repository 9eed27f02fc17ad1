import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Stack from '@mui/material/Stack';
import { useState } from 'react';
import type { RunResult } from '../../src/contract/result.ts';
import type { RunSummary } from '../../src/contract/run.ts';
import { problemOf } from '../bridge/refusal.ts';
import { useChange } from '../bridge/use-service.ts';
import { currentPath, pathQuery } from '../shell/route.ts';
import { MaskSliders } from '../widgets/mask-sliders.tsx';
import { NewFolderField } from '../widgets/new-folder-field.tsx';
import { ProblemAlert } from '../widgets/problem-alert.tsx';
import { Section } from '../widgets/section.tsx';
import { fileName } from '../words/quantities.ts';

interface ExportFormProps {
  readonly run: RunSummary;
  readonly result: RunResult;
}

/** Another model of the same scores, with another sparsity or μ. */
export function ExportForm({ run, result }: ExportFormProps) {
  const [sparsity, setSparsity] = useState(() => numberFromPath('sparsity') ?? run.sparsity);
  const [mu, setMu] = useState(() => numberFromPath('mu') ?? run.mu);
  const [folder, setFolder] = useState<string | null>(null);
  const [measure, setMeasure] = useState(result.texts.length > 0);
  const start = useChange('exports.start', ['exports.list']);
  const outDir = folder ?? suggestFolder(run.outDir, sparsity, mu, result.hasBothImportances);

  if (!result.hasScores) {
    return (
      <Section title="Write another model from this run">
        <Alert severity="info">
          This run’s scores are not there (any more), so another mask needs another run.
        </Alert>
      </Section>
    );
  }
  const submit = () =>
    start.mutate({
      runId: run.id,
      outDir,
      changes: { sparsity, ...(result.hasBothImportances && { mu }) },
      measure,
    });
  return (
    <Section
      title="Write another model from this run"
      lead="Seconds, not hours: the scores are there, only the mask is made anew. The files are checked like the run’s own."
    >
      <Stack spacing={3}>
        <MaskSliders {...{ result, sparsity, mu }} onSparsity={setSparsity} onMu={setMu} />
        <NewFolderField
          value={outDir}
          onChange={setFolder}
          within={(parent) => `${parent}${parent.includes('\\') ? '\\' : '/'}${fileName(outDir)}`}
        />
        <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'center' }}>
          <FormControlLabel
            control={
              <Checkbox
                checked={measure}
                disabled={result.texts.length === 0}
                onChange={(_, checked) => setMeasure(checked)}
              />
            }
            label="Measure it on the run’s texts, for the curve of perplexity against sparsity"
          />
          <Button variant="contained" disabled={start.isPending || outDir.trim() === ''} onClick={submit}>
            Write the model
          </Button>
        </Stack>
        {start.error && <ProblemAlert problem={problemOf(start.error)} />}
      </Stack>
    </Section>
  );
}

function numberFromPath(name: string): number | null {
  const text = pathQuery(currentPath(), name);
  return text === null || !Number.isFinite(Number(text)) ? null : Number(text);
}

/** Beside the run's own folder: `…-s60-m35`. */
function suggestFolder(outDir: string, sparsity: number, mu: number, hasMu: boolean): string {
  const percent = Math.round(100 * sparsity);
  return `${outDir.replace(/[\\/]+$/, '')}-s${percent}${hasMu ? `-m${Math.round(100 * mu)}` : ''}`;
}
