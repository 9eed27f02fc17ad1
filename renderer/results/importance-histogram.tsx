import { useTheme } from '@mui/material/styles';
import { LineChart } from '@mui/x-charts/LineChart';
import type { Distribution, ImportanceDistributions } from '../../src/contract/importance.ts';
import { TITLED_AXIS_HEIGHT } from '../widgets/axis-height.ts';
import { Plot } from '../widgets/plot.tsx';
import { moduleTitles } from '../words/module-titles.ts';
import { formatCount, formatPercent, formatTick } from '../words/quantities.ts';
import { importanceNames, importanceTitles } from './importance-range.tsx';
import { rebin } from './rebin.ts';

type Matrix = ImportanceDistributions['matrices'][number];
const BINS = 80;

/** The importances of one matrix's weights. */
export function ImportanceHistogram({ matrix }: { readonly matrix: Matrix }) {
  const { palette } = useTheme();
  const shown = importanceNames.flatMap((name) => {
    const distribution: Distribution | null = matrix[name];
    return distribution ? [{ name, distribution }] : [];
  });
  const low = Math.min(...shown.map(({ distribution }) => distribution.low));
  const high = Math.max(...shown.map(({ distribution }) => distribution.high));
  const middles = Array.from({ length: BINS }, (_, index) => low + ((index + 0.5) * (high - low)) / BINS);
  const lines = shown.map(({ name, distribution }) => ({
    name,
    shares: rebin(distribution, low, high, BINS),
  }));
  const dead = shown.filter(({ distribution }) => distribution.dead > 0);
  return (
    <Plot
      title={`Weights of layer ${matrix.layer}, ${moduleTitles[matrix.module]}, by importance`}
      lead={
        dead.length === 0
          ? 'Share of the weights at each logarithm of importance.'
          : `Without ${dead.map(({ name, distribution }) => `${formatCount(distribution.dead)} weights of no ${name} importance at all`).join(' and ')}.`
      }
      table={{
        head: ['ln importance', ...lines.map(({ name }) => importanceTitles[name])],
        rows: middles.map((middle, index) => [
          middle.toFixed(2),
          ...lines.map(({ shares }) => formatPercent(shares[index] ?? 0, 2)),
        ]),
      }}
    >
      <LineChart
        height={300}
        skipAnimation
        margin={{ left: 0, right: 16, top: 8, bottom: 0 }}
        grid={{ horizontal: true }}
        xAxis={[
          {
            data: middles,
            scaleType: 'linear',
            label: 'ln importance',
            height: TITLED_AXIS_HEIGHT,
            domainLimit: 'strict',
            valueFormatter: formatTick,
          },
        ]}
        yAxis={[{ label: 'Weights (%)', width: 56 }]}
        series={lines.map(({ name, shares }) => ({
          data: shares.map((share) => 100 * share),
          label: importanceTitles[name],
          showMark: false,
          area: true,
          curve: 'linear' as const,
          color: palette.data[name],
          valueFormatter: (value: number | null) => `${(value ?? 0).toFixed(2)} %`,
        }))}
        sx={{ '& .MuiAreaElement-root, & .MuiLineChart-area': { fillOpacity: 0.25 } }}
      />
    </Plot>
  );
}
