import Autocomplete from '@mui/material/Autocomplete';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import type { RunSummary } from '../../src/contract/run.ts';
import { useService } from '../bridge/use-service.ts';
import { EmptyState } from '../widgets/empty-state.tsx';
import { Section } from '../widgets/section.tsx';
import { Term } from '../widgets/term.tsx';
import { MaskSimilarity } from './mask-similarity.tsx';

const MOST_OTHERS = 7;

/** Which other runs' masks to compare this one's with. */
export function SimilarityChooser({ run }: { readonly run: RunSummary }) {
  const { data } = useService('runs.list', { statuses: ['finished'], limit: 500 });
  const others = data?.runs.filter(({ id, modelDir }) => id !== run.id && modelDir === run.modelDir) ?? [];
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  const ids = chosen ?? others.slice(0, 1).map(({ id }) => id);
  return (
    <Section
      title={<Term of="jaccard">Similarity to other runs’ masks</Term>}
      lead="Which weights two runs over the same model agree on."
    >
      {others.length === 0 ? (
        <EmptyState title="No other run over this model yet">
          Run the same model for another domain, or with another μ or seed, and compare here what is kept.
        </EmptyState>
      ) : (
        <Stack spacing={3}>
          <Autocomplete
            multiple
            options={others}
            value={others.filter(({ id }) => ids.includes(id))}
            getOptionLabel={({ id, name }) => `${name} (run ${id})`}
            isOptionEqualToValue={(a, b) => a.id === b.id}
            getOptionDisabled={() => ids.length >= MOST_OTHERS}
            onChange={(_, runs) => setChosen(runs.map(({ id }) => id))}
            renderInput={(params) => <TextField {...params} label="Compare with" />}
          />
          {ids.length > 0 && <MaskSimilarity runIds={[run.id, ...ids]} />}
        </Stack>
      )}
    </Section>
  );
}
