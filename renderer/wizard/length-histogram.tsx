import { useTheme } from '@mui/material/styles';
import { BarChart } from '@mui/x-charts/BarChart';
import type { DataInspection } from '../../src/contract/data-inspection.ts';
import { TITLED_AXIS_HEIGHT } from '../widgets/axis-height.ts';
import { Plot } from '../widgets/plot.tsx';
import { formatCount } from '../words/quantities.ts';

/** So many numbers have room below the narrowest of these plots. */
const MOST_NUMBERS = 8;

/** How long the records are. */
export function LengthHistogram({ inspection }: { readonly inspection: DataInspection }) {
  const { lengths } = inspection;
  const { palette } = useTheme();
  const titles = lengths.map(({ from, below }) =>
    below === null ? `${formatCount(from)} +` : formatCount(from),
  );
  const every = Math.max(1, Math.ceil(titles.length / MOST_NUMBERS));
  return (
    <Plot
      title="Length of the records"
      table={{
        head: ['Tokens', 'Records'],
        rows: lengths.map(({ from, below, records }) => [
          below === null ? `from ${formatCount(from)}` : `${formatCount(from)} to ${formatCount(below - 1)}`,
          formatCount(records),
        ]),
      }}
    >
      <BarChart
        height={200}
        hideLegend
        skipAnimation
        margin={{ left: 0, right: 8, top: 8, bottom: 0 }}
        xAxis={[
          {
            data: titles,
            scaleType: 'band',
            label: 'Tokens',
            categoryGapRatio: 0.08,
            // A bar's number is where it begins; every so-manieth, so that none is left out by chance.
            tickPlacement: 'start',
            tickLabelPlacement: 'tick',
            tickInterval: (_: string, index: number) => index % every === 0,
            tickLabelInterval: () => true,
            height: TITLED_AXIS_HEIGHT,
          },
        ]}
        yAxis={[{ label: 'Records', width: 60 }]}
        grid={{ horizontal: true }}
        series={[
          { data: lengths.map(({ records }) => records), label: 'Records', color: palette.data.general },
        ]}
      />
    </Plot>
  );
}
