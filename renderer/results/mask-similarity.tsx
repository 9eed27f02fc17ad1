import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import { useState } from 'react';
import type { MaskSimilarity as Similarity } from '../../src/contract/importance.ts';
import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { ChoiceField } from '../widgets/choice-field.tsx';
import { HeatMap } from '../widgets/heat-map.tsx';
import { Plot } from '../widgets/plot.tsx';
import { modulesOf, moduleTitles } from '../words/module-titles.ts';
import { formatPercent, formatShare } from '../words/quantities.ts';

type Pair = Similarity['pairs'][number];

/** How much the masks of some runs agree: pair by pair, and by layer and module within a pair. */
export function MaskSimilarity({ runIds }: { readonly runIds: readonly number[] }) {
  const similarity = useService('results.similarity', { runIds: [...runIds] }, { keepPrevious: true });
  return (
    <Answer query={similarity} waitingFor="Comparing the masks, weight by weight">
      {(found) => <Drawn similarity={found} />}
    </Answer>
  );
}

function Drawn({ similarity: { runs, pairs } }: { readonly similarity: Similarity }) {
  const [chosen, setChosen] = useState('');
  const pair = pairs.find((one) => keyOf(one) === chosen) ?? pairs[0];
  const titles = runs.map(
    ({ runId, name, sparsity }) => `${name} (run ${runId}, ${formatPercent(sparsity)})`,
  );
  const titleOf = (runId: number) => titles[runs.findIndex((run) => run.runId === runId)] ?? String(runId);
  const values = runs.map((a) => runs.map((b) => jaccardOf(pairs, a.runId, b.runId)));
  return (
    <Stack spacing={3}>
      {runs.length > 2 && (
        <Plot
          title="Weights that both keep, of those that either keeps"
          table={{
            head: ['Run', ...titles],
            rows: titles.map((title, row) => [
              title,
              ...(values[row] ?? []).map((value) => formatShare(value ?? 0)),
            ]),
          }}
        >
          <HeatMap
            label="Similarity of the runs’ masks, pair by pair"
            rows={titles}
            columns={runs.map(({ runId }) => `run ${runId}`)}
            values={values}
            format={formatShare}
            range={[0, 1]}
            rowLabelWidth={340}
            cellHeight={32}
          />
        </Plot>
      )}
      {runs.length > 2 && pair && (
        <ChoiceField
          label="Pair"
          value={keyOf(pair)}
          choices={pairs.map((one) => [keyOf(one), `${titleOf(one.a)} and ${titleOf(one.b)}`])}
          onChange={setChosen}
        />
      )}
      {pair && <PairPlot pair={pair} title={`${titleOf(pair.a)} and ${titleOf(pair.b)}`} />}
    </Stack>
  );
}

function PairPlot({ pair, title }: { readonly pair: Pair; readonly title: string }) {
  const layers = [...new Set(pair.matrices.map(({ layer }) => layer))];
  const modules = modulesOf(pair.matrices);
  const values = modules.map((module) =>
    layers.map(
      (layer) => pair.matrices.find((one) => one.layer === layer && one.module === module)?.jaccard ?? null,
    ),
  );
  return (
    <Box>
      <Plot
        title={`By layer and module: ${title}`}
        lead={`Over the whole model they share ${formatShare(pair.overall.jaccard)} of the weights that either keeps, and both keep ${formatShare(pair.overall.shared)} of all weights.`}
        table={{
          head: ['Layer', ...modules.map((module) => moduleTitles[module])],
          rows: layers.map((layer, column) => [
            String(layer),
            ...values.map((row) => formatShare(row[column] ?? 0)),
          ]),
        }}
      >
        <HeatMap
          label={`Similarity of the masks by layer and module, ${title}`}
          rows={modules.map((module) => moduleTitles[module])}
          columns={layers.map(String)}
          columnTitle="Layer"
          values={values}
          format={formatShare}
        />
      </Plot>
    </Box>
  );
}

const keyOf = ({ a, b }: Pair): string => `${a}-${b}`;

function jaccardOf(pairs: readonly Pair[], a: number, b: number): number | null {
  if (a === b) return 1;
  return (
    pairs.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a))?.overall.jaccard ?? null
  );
}
