import type { ExperimentReport, ExperimentTable, RangePlot } from '../../contract/experiment.ts';
import type { Distribution } from '../../contract/importance.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { appVersion } from '../run/app-version.ts';
import { distributionsIn, type PartDistribution } from './distribution.ts';
import type { DistributionsRequest } from './experiment-request.ts';
import { type OpenRun, openRuns, runFacts } from './run-facts.ts';

/** How the importances of a model's weights are distributed, by layer and by module. */
export async function importanceDistributions({
  runs: named,
}: DistributionsRequest): Promise<ExperimentReport> {
  const runs = await openRuns(named);
  const checkpoint = await openCheckpoint(runs[0].run.record.modelDir);
  try {
    const found: PartDistribution[][] = [];
    for (const { run } of runs) found.push(await distributionsIn(checkpoint.config, run.store));
    return {
      ...runFacts(runs),
      experiment: 'distributions',
      title: 'Distribution of importance',
      appVersion,
      seconds: { scoring: 0, pruning: 0, measuring: 0 },
      tables: [tableOf(runs, found)],
      plots: runs.flatMap(({ name }, i) => [byLayer(name, found[i]), byModule(name, found[i])]),
      remarks: [
        'Natural logarithms of the importance, their 5, 25, 50, 75 and 95 % quantiles. Of a layer or a module the plots show the mean of its matrices’ quantiles. Importances of two parts (general, mixed, domain, open, final) are not on one scale.',
      ],
    };
  } finally {
    await checkpoint.close();
  }
}

function tableOf(runs: readonly OpenRun[], found: readonly PartDistribution[][]): ExperimentTable {
  const quantiles = ['5 %', '25 %', '50 %', '75 %', '95 %'];
  return {
    title: 'Every matrix',
    columns: [
      ...(['run', 'importance'] as const).map((name) => ({ name, kind: 'text' as const })),
      { name: 'layer', kind: 'count' },
      { name: 'module', kind: 'text' },
      { name: 'zero', kind: 'count' },
      { name: 'mean', kind: 'figure' },
      ...quantiles.map((name) => ({ name, kind: 'figure' as const })),
    ],
    rows: runs.flatMap(({ name }, i) =>
      found[i].map(({ part, layer, module, distribution: { dead, mean, quantiles: q } }) => [
        ...[name, part, layer, module, dead, mean],
        ...q,
      ]),
    ),
  };
}

function byLayer(run: string, found: readonly PartDistribution[]): RangePlot {
  const layers = [...new Set(found.map(({ layer }) => layer))].sort((a, b) => a - b);
  return plotOf(`${run}, by layer`, found, layers.map(String), ({ layer }) => layers.indexOf(layer));
}

const byModule = (run: string, found: readonly PartDistribution[]): RangePlot =>
  plotOf(`${run}, by module`, found, modulesOf(found), ({ module }) => modulesOf(found).indexOf(module));

const modulesOf = (found: readonly PartDistribution[]) => [...new Set(found.map(({ module }) => module))];

function plotOf(
  title: string,
  found: readonly PartDistribution[],
  categories: string[],
  categoryOf: (matrix: PartDistribution) => number,
): RangePlot {
  const parts = [...new Set(found.map(({ part }) => part))];
  return {
    kind: 'ranges',
    title,
    y: { label: 'log importance' },
    categories,
    series: parts.map((part) => ({
      name: part,
      quantiles: categories.map((_, category) =>
        meanQuantiles(
          found.flatMap((matrix) =>
            matrix.part === part && categoryOf(matrix) === category ? [matrix.distribution] : [],
          ),
        ),
      ),
    })),
  };
}

function meanQuantiles(distributions: readonly Distribution[]): Distribution['quantiles'] | null {
  if (distributions.length === 0) return null;
  const mean = (q: number) =>
    distributions.reduce((sum, { quantiles }) => sum + quantiles[q], 0) / distributions.length;
  return [mean(0), mean(1), mean(2), mean(3), mean(4)];
}
