import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import { LineChart } from '@mui/x-charts/LineChart';
import type { ModelExport } from '../../src/contract/model-export.ts';
import type { TextResult } from '../../src/contract/result.ts';
import type { RunSummary } from '../../src/contract/run.ts';
import { useService } from '../bridge/use-service.ts';
import { TITLED_AXIS_HEIGHT } from '../widgets/axis-height.ts';
import { Plot } from '../widgets/plot.tsx';
import { Section } from '../widgets/section.tsx';
import { formatFigure, formatPercent } from '../words/quantities.ts';

interface SparsityCurveProps {
  readonly run: RunSummary;
  readonly texts: readonly TextResult[];
}

/** Perplexity against sparsity: the original, the run, and what was written from its scores and measured. */
export function SparsityCurve({ run, texts }: SparsityCurveProps) {
  const { data: exports = [] } = useService('exports.list', { runId: run.id });
  const { palette } = useTheme();
  if (texts.length === 0) return null;
  const measured = exports.filter((one) => one.mu === run.mu && one.texts.length > 0);
  const sparsities = [...new Set([0, run.sparsity, ...measured.map(({ sparsity }) => sparsity)])].sort(
    (a, b) => a - b,
  );
  const lines = texts.map((text) => ({
    text,
    points: sparsities.map((sparsity) => perplexityAt(sparsity, text, run, measured)),
  }));
  return (
    <Section title="Perplexity against sparsity">
      <Plot
        title="The original model, this run, and its measured exports"
        table={{
          head: ['Sparsity', ...texts.map(({ name }) => name)],
          rows: sparsities.map((sparsity, index) => [
            formatPercent(sparsity),
            ...lines.map(({ points }) => formatPoint(points[index] ?? null)),
          ]),
        }}
      >
        <LineChart
          height={280}
          skipAnimation
          margin={{ left: 0, right: 24, top: 16, bottom: 0 }}
          grid={{ horizontal: true }}
          xAxis={[
            {
              data: sparsities.map((sparsity) => 100 * sparsity),
              scaleType: 'linear',
              min: 0,
              max: 100,
              tickNumber: 10,
              label: 'Sparsity',
              height: TITLED_AXIS_HEIGHT,
              valueFormatter: (percent: number) => `${percent} %`,
            },
          ]}
          yAxis={[{ label: 'Perplexity', min: 0, width: 64 }]}
          series={lines.map(({ text, points }) => ({
            data: points,
            label: text.name,
            connectNulls: true,
            showMark: true,
            curve: 'linear' as const,
            color: palette.data[text.role],
            valueFormatter: (value: number | null) => formatPoint(value),
          }))}
        />
      </Plot>
      {measured.length === 0 && (
        <Typography variant="body2" color="textSecondary" sx={{ mt: 1 }}>
          Write the model with another sparsity under Export and have it measured: each one adds a point.
        </Typography>
      )}
    </Section>
  );
}

const formatPoint = (value: number | null): string => (value === null ? '–' : formatFigure(value, 4));

function perplexityAt(
  sparsity: number,
  { name, dense, pruned }: TextResult,
  run: RunSummary,
  exports: readonly ModelExport[],
): number | null {
  if (sparsity === 0) return dense.perplexity;
  if (sparsity === run.sparsity) return pruned?.perplexity ?? null;
  const one = exports.find((item) => item.sparsity === sparsity);
  return one?.texts.find((text) => text.name === name)?.pruned?.perplexity ?? null;
}
