import type {
  ExperimentPlot as Found,
  HeatMap as HeatMapPlot,
  RangePlot,
} from '../../src/contract/experiment.ts';
import { HeatMap } from '../widgets/heat-map.tsx';
import { Plot } from '../widgets/plot.tsx';
import { QuantileBands } from '../widgets/quantile-bands.tsx';
import { formatShare } from '../words/quantities.ts';
import { figureText } from './cell-text.ts';
import { PointsPlot } from './points-plot.tsx';
import { useSeriesColours } from './series-colours.ts';

/** Any plot that an experiment's report may hold. */
export function ExperimentPlot({ plot }: { readonly plot: Found }) {
  switch (plot.kind) {
    case 'lines':
      return <PointsPlot plot={plot} />;
    case 'heat-map':
      return <Heat plot={plot} />;
    case 'ranges':
      return <Ranges plot={plot} />;
  }
}

function Heat({ plot: { title, rows, columns, values, low, high } }: { readonly plot: HeatMapPlot }) {
  const numbers = rows.map((row, y) => [
    row,
    ...columns.map((_, x) => {
      const value = values[y]?.[x];
      return typeof value === 'number' ? formatShare(value) : '–';
    }),
  ]);
  return (
    <Plot title={title} table={{ head: ['', ...columns], rows: numbers }}>
      <HeatMap
        label={`${title}, from ${formatShare(low)} to ${formatShare(high)}`}
        rows={rows}
        columns={columns}
        values={values}
        format={formatShare}
        range={[low, high]}
        rowLabelWidth={Math.max(72, 12 + 7 * Math.max(...rows.map(({ length }) => length)))}
      />
    </Plot>
  );
}

const QUANTILES = ['5 %', '25 %', '50 %', '75 %', '95 %'];

function Ranges({ plot: { title, y, categories, series } }: { readonly plot: RangePlot }) {
  const colours = useSeriesColours();
  return series.map(({ name, quantiles }, index) => {
    const bands = categories.flatMap((category, at) => {
      const found = quantiles[at];
      return found ? [{ title: category, quantiles: found }] : [];
    });
    return (
      <Plot
        key={name}
        title={`${title}: ${name}`}
        lead={y.label}
        table={{
          head: ['', ...QUANTILES],
          rows: bands.map((band) => [band.title, ...band.quantiles.map(figureText)]),
        }}
      >
        <QuantileBands
          label={`${y.label}, ${title}, ${name}`}
          bands={bands}
          colour={colours[index % colours.length] ?? ''}
          axisTitle=""
        />
      </Plot>
    );
  });
}
