import { useService } from '../bridge/use-service.ts';
import { Answer } from '../widgets/answer.tsx';
import { HeatMap } from '../widgets/heat-map.tsx';
import { Plot } from '../widgets/plot.tsx';
import { type ModuleName, moduleTitles } from '../words/module-titles.ts';
import { formatCount, formatCounted } from '../words/quantities.ts';
import { coarsen } from './coarsen.ts';

interface JointImportanceProps {
  readonly runId: number;
  readonly layer: number;
  readonly module: ModuleName;
}

/** General against domain importance of one matrix's weights: where both agree, and where they do not. */
export function JointImportance({ runId, layer, module }: JointImportanceProps) {
  const histogram = useService(
    'results.histogram',
    { runId, layer, module },
    { keepPrevious: true, forget: true },
  );
  return (
    <Answer query={histogram}>
      {({ bins, counts, general, domain }) => {
        const { cells, size } = coarsen(counts, bins, 32);
        const titles = (range: { low: number; high: number }) =>
          Array.from({ length: size }, (_, index) =>
            (range.low + ((index + 0.5) * (range.high - range.low)) / size).toFixed(1).replace('-', '−'),
          );
        // Top row: most general importance.
        const rows = titles(general).reverse();
        const values = cells
          .map((row) => row.map((count) => (count === 0 ? null : Math.log10(count))))
          .reverse();
        return (
          <Plot
            title={`General against domain importance, layer ${layer}, ${moduleTitles[module]}`}
            lead="Weights with both logarithms. Upwards: general; to the right: domain."
            table={{
              head: ['general \\ domain', ...titles(domain).map((title, index) => `${title} (${index + 1})`)],
              rows: rows.map((title, index) => [title, ...(cells[size - 1 - index] ?? []).map(formatCount)]),
            }}
          >
            <HeatMap
              label={`Number of weights by general and domain importance, from ${rows.at(-1)} to ${rows[0]} general and from ${titles(domain)[0]} to ${titles(domain).at(-1)} domain`}
              rows={rows}
              columns={titles(domain)}
              columnTitle="ln domain importance"
              values={values}
              format={(log) => formatCounted(Math.round(10 ** log), 'weight')}
              cellHeight={8}
              rowLabelWidth={44}
            />
          </Plot>
        );
      }}
    </Answer>
  );
}
