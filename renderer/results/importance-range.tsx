import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import type { Distribution, IMPORTANCES, ImportanceDistributions } from '../../src/contract/importance.ts';
import { Plot } from '../widgets/plot.tsx';
import { QuantileBands } from '../widgets/quantile-bands.tsx';
import { type ModuleName, moduleTitles } from '../words/module-titles.ts';

type Matrix = ImportanceDistributions['matrices'][number];
type Importance = (typeof IMPORTANCES)[number];
export const importanceTitles: Record<Importance, string> = {
  general: 'General importance',
  domain: 'Domain importance',
  final: 'Final importance',
};
export const importanceNames = ['general', 'domain', 'final'] as const satisfies readonly Importance[];

/** Quantiles of a module's importance in each layer. */
export function ImportanceRange({
  matrices,
  module,
}: {
  readonly matrices: readonly Matrix[];
  readonly module: ModuleName;
}) {
  const { palette } = useTheme();
  const shown = importanceNames.filter((name) => matrices.some((matrix) => matrix[name] !== null));
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 3,
        gridTemplateColumns: { xs: '1fr', lg: shown.length > 1 ? '1fr 1fr' : '1fr' },
      }}
    >
      {shown.map((name) => {
        const bands = matrices.flatMap((matrix) => {
          const distribution: Distribution | null = matrix[name];
          return distribution ? [{ title: String(matrix.layer), quantiles: distribution.quantiles }] : [];
        });
        const title = `${importanceTitles[name]} of ${moduleTitles[module]}, by layer`;
        return (
          <Plot
            key={name}
            title={title}
            lead="The line is the median; half of the weights are in the dark band, nine in ten in the light one."
            table={{
              head: ['Layer', '5 %', '25 %', 'Median', '75 %', '95 %'],
              rows: bands.map((band) => [band.title, ...band.quantiles.map((value) => value.toFixed(2))]),
            }}
          >
            <QuantileBands label={title} bands={bands} colour={palette.data[name]} axisTitle="Layer" />
          </Plot>
        );
      })}
    </Box>
  );
}
