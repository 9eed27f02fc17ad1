import { useTheme } from '@mui/material/styles';
import { LineChart } from '@mui/x-charts/LineChart';
import type { MemoryPoint } from '../bridge/live-progress.ts';
import { TITLED_AXIS_HEIGHT } from '../widgets/axis-height.ts';
import { Plot } from '../widgets/plot.tsx';
import { roundTicks } from '../widgets/round-ticks.ts';
import { formatBytes, formatDuration } from '../words/quantities.ts';
import { timeTicks } from './time-ticks.ts';

interface MemoryPlotProps {
  readonly points: readonly MemoryPoint[];
  readonly peakBytes: number;
}

/** Round numbers of KiB, MiB or GiB, below `top`. */
const byteTicks = (top: number): number[] => {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(1, top)) / Math.log(1024)));
  return roundTicks(0, top / unit, 4)
    .map((tick) => tick * unit)
    .filter((tick) => tick <= top);
};

/** The worker's resident memory over time, since this window has been listening. */
export function MemoryPlot({ points, peakBytes }: MemoryPlotProps) {
  const { palette } = useTheme();
  const top = peakBytes * 1.1;
  const from = points[0]?.elapsedMs ?? 0;
  const until = points.at(-1)?.elapsedMs ?? 0;
  const every = Math.max(1, Math.ceil(points.length / 20));
  return (
    <Plot
      title="Resident memory of the run"
      table={{
        head: ['Time', 'Memory'],
        rows: points
          .filter((_, index) => index % every === 0)
          .map(({ elapsedMs, bytes }) => [
            `${formatDuration(elapsedMs)} (${Math.round(elapsedMs)} ms)`,
            formatBytes(bytes),
          ]),
      }}
    >
      <LineChart
        height={220}
        hideLegend
        skipAnimation
        margin={{ left: 0, right: 16, top: 8, bottom: 0 }}
        grid={{ horizontal: true }}
        xAxis={[
          {
            data: points.map(({ elapsedMs }) => elapsedMs),
            scaleType: 'linear',
            label: 'Time at work',
            height: TITLED_AXIS_HEIGHT,
            tickInterval: timeTicks(from, until),
            valueFormatter: (ms: number) => formatDuration(ms),
            domainLimit: 'strict',
          },
        ]}
        yAxis={[
          {
            min: 0,
            max: top,
            width: 76,
            tickInterval: byteTicks(top),
            valueFormatter: (bytes: number) => formatBytes(bytes),
          },
        ]}
        series={[
          {
            data: points.map(({ bytes }) => bytes),
            label: 'Memory',
            showMark: false,
            area: true,
            color: palette.data.general,
            valueFormatter: (bytes) => (bytes === null ? '' : formatBytes(bytes)),
          },
        ]}
        sx={{ '& .MuiLineChart-area': { fillOpacity: 0.25 } }}
      />
    </Plot>
  );
}
