import { LineChart } from '@mui/x-charts/LineChart';
import { ScatterChart } from '@mui/x-charts/ScatterChart';
import type { LinePlot } from '../../src/contract/experiment.ts';
import { TITLED_AXIS_HEIGHT } from '../widgets/axis-height.ts';
import { Plot } from '../widgets/plot.tsx';
import { roundTicks } from '../widgets/round-ticks.ts';
import { figureText } from './cell-text.ts';
import { logTicks, tickText } from './log-ticks.ts';
import { useSeriesColours } from './series-colours.ts';

const HEIGHT = 320;

/** Values over a number: joined by lines, or a cloud of points. */
export function PointsPlot({ plot }: { readonly plot: LinePlot }) {
  const { title, x, y, series, joined } = plot;
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort(
    (a, b) => a - b,
  );
  const colours = useSeriesColours();
  const shared = {
    height: HEIGHT,
    skipAnimation: true,
    margin: { left: 0, right: 24, top: 16, bottom: 0 },
    grid: { horizontal: true },
    yAxis: [{ label: y.label, width: 72, ...axisOf(y.scale, valuesOf(series, 'y')) }],
  };
  const xAxis = { label: x.label, height: TITLED_AXIS_HEIGHT, ...axisOf(x.scale, valuesOf(series, 'x')) };
  const colourOf = (index: number) => colours[index % colours.length] ?? '';
  return (
    <Plot title={title} table={numbersOf(plot)}>
      {joined ? (
        <LineChart
          {...shared}
          xAxis={[{ ...xAxis, data: places }]}
          series={series.map(({ name, points }, index) => ({
            label: name,
            data: places.map((place) => points.find((point) => point.x === place)?.y ?? null),
            connectNulls: true,
            showMark: true,
            curve: 'linear' as const,
            color: colourOf(index),
            valueFormatter: (value: number | null) => (value === null ? '–' : figureText(value)),
          }))}
        />
      ) : (
        <ScatterChart
          {...shared}
          xAxis={[xAxis]}
          series={series.map(({ name, points }, index) => ({
            label: name,
            data: points.map((point, id) => ({ ...point, id })),
            markerSize: 3,
            color: colourOf(index),
          }))}
        />
      )}
    </Plot>
  );
}

const valuesOf = (series: LinePlot['series'], along: 'x' | 'y'): number[] =>
  series.flatMap(({ points }) => points.map((point) => point[along]));

function axisOf(scaleType: 'linear' | 'log', values: readonly number[]) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const ticks = scaleType === 'log' ? logTicks(low, high) : roundTicks(low, high, 6);
  return {
    scaleType,
    tickInterval: ticks,
    min: ticks[0] ?? low,
    max: ticks.at(-1) ?? high,
    valueFormatter: tickText,
  };
}

/** Lines: a row for each place; a cloud: a row for each point. */
function numbersOf({ x, y, series, joined }: LinePlot) {
  if (!joined) {
    const rows = series.flatMap(({ name, points }) =>
      points.map((point, index) => [`${name} ${index + 1}`, figureText(point.x), figureText(point.y)]),
    );
    return { head: ['', x.label, y.label], rows };
  }
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  const rows = places.map((place) => [
    figureText(place),
    ...series.map(({ points }) => {
      const found = points.find((point) => point.x === place);
      return found ? figureText(found.y) : '–';
    }),
  ]);
  return { head: [x.label, ...series.map(({ name }) => name)], rows };
}
