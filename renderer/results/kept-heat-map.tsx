import Box from '@mui/material/Box';
import { useState } from 'react';
import type { Prediction } from '../../src/contract/importance.ts';
import { ChoiceField } from '../widgets/choice-field.tsx';
import { HeatMap } from '../widgets/heat-map.tsx';
import { Plot } from '../widgets/plot.tsx';
import { modulesOf, moduleTitles } from '../words/module-titles.ts';
import { formatShare } from '../words/quantities.ts';

type Matrix = Prediction['matrices'][number];
const measures = {
  keptDomain: ['Domain importance kept', ({ keptDomain }: Matrix) => keptDomain],
  keptGeneral: ['General importance kept', ({ keptGeneral }: Matrix) => keptGeneral],
  keptFinal: ['Final importance kept', ({ keptFinal }: Matrix) => keptFinal],
  kept: ['Weights kept', ({ kept, size }: Matrix) => kept / size],
} as const;
type Measure = keyof typeof measures;
const measureNames = Object.keys(measures) as Measure[];

/** What a mask keeps of each matrix. */
export function KeptHeatMap({ prediction }: { readonly prediction: Prediction }) {
  const offered = measureNames.filter((name) => name === 'kept' || prediction[name] !== null);
  const [chosen, setMeasure] = useState<Measure>('keptDomain');
  const measure = offered.find((name) => name === chosen) ?? 'kept';
  const [title, shareOf] = measures[measure];
  const layers = [...new Set(prediction.matrices.map(({ layer }) => layer))];
  const byPlace = new Map(
    prediction.matrices.map((matrix) => [`${matrix.module} ${matrix.layer}`, shareOf(matrix)]),
  );
  const modules = modulesOf(prediction.matrices);
  const values = modules.map((module) => layers.map((layer) => byPlace.get(`${module} ${layer}`) ?? null));
  const [lowest = 0, highest = 0] = extremes(values.flat());
  return (
    <Plot
      title={`${title}, by layer and module`}
      lead={
        formatShare(lowest) === formatShare(highest)
          ? `Every matrix keeps ${formatShare(lowest)}.`
          : `From ${formatShare(lowest)} to ${formatShare(highest)}.`
      }
      table={{
        head: ['Layer', ...modules.map((module) => moduleTitles[module])],
        rows: layers.map((layer, column) => [
          String(layer),
          ...values.map((row) => formatKnown(row[column] ?? null)),
        ]),
      }}
    >
      <Box sx={{ mt: 1, mb: 2 }}>
        <ChoiceField
          label="Show"
          value={measure}
          choices={offered.map((one) => [one, measures[one][0]])}
          onChange={setMeasure}
        />
      </Box>
      <HeatMap
        label={`${title}, by layer and module, from ${formatShare(lowest)} to ${formatShare(highest)}`}
        rows={modules.map((module) => moduleTitles[module])}
        columns={layers.map(String)}
        columnTitle="Layer"
        values={values}
        format={formatShare}
      />
    </Plot>
  );
}

const formatKnown = (share: number | null): string => (share === null ? '–' : formatShare(share));

function extremes(values: readonly (number | null)[]): [number, number] | [] {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? [] : [Math.min(...known), Math.max(...known)];
}
