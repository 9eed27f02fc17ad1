import { UserError } from '../../contract/error.ts';
import type { ExperimentPlot, ExperimentReport, ExperimentTable } from '../../contract/experiment.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { assertMaskSettings } from '../pruning/grouping.ts';
import { appVersion } from '../run/app-version.ts';
import { masksFromStore } from '../run/mask-source.ts';
import { assertScored } from '../run/scored-parts.ts';
import { openBackend } from '../tensor/backend.ts';
import type { SimilarityRequest } from './experiment-request.ts';
import { overlapMasks, type PairOverlap } from './mask-overlap.ts';
import { type OpenRun, openRuns, runFacts } from './run-facts.ts';

/** How much the masks of several runs, each of a domain, have in common (the paper's Fig. 2). */
export async function maskSimilarity({ runs: named, changes }: SimilarityRequest): Promise<ExperimentReport> {
  if (named.length < 2) throw tooFew(named.length);
  const runs = await openRuns(named);
  const checkpoint = await openCheckpoint(runs[0].run.record.modelDir);
  try {
    const startedAtMs = performance.now();
    const settings = runs.map(({ run }) => ({ ...run.record.settings, ...changes }));
    for (const [i, each] of settings.entries()) {
      assertMaskSettings(each, checkpoint.config);
      await assertScored(runs[i].run, each);
    }
    await openBackend(null);
    const masks = runs.map(({ run }, i) => masksFromStore(checkpoint, run.store, settings[i]));
    const pairs = await overlapMasks(checkpoint.config, masks);
    const pruning = (performance.now() - startedAtMs) / 1000;
    const sparsities = [...new Set(settings.map(({ sparsity }) => sparsity))];
    return {
      ...runFacts(runs),
      experiment: 'similarity',
      title: 'Similarity of masks',
      appVersion,
      settings: { ...runs[0].run.record.settings, ...changes },
      seconds: { scoring: 0, pruning, measuring: 0 },
      tables: [pairTable(runs, pairs), matrixTable(runs, pairs)],
      plots: plotsOf(runs, pairs),
      remarks: remarksOf(sparsities),
    };
  } finally {
    await checkpoint.close();
  }
}

const nameOf = (runs: readonly OpenRun[], { first, second }: PairOverlap): string =>
  `${runs[first].name} and ${runs[second].name}`;

function pairTable(runs: readonly OpenRun[], pairs: readonly PairOverlap[]): ExperimentTable {
  return {
    title: 'Whole models',
    columns: [
      { name: 'masks', kind: 'text' },
      { name: 'kept by both', kind: 'share' },
      { name: 'of those kept by either', kind: 'share' },
    ],
    rows: pairs.map((pair) => [nameOf(runs, pair), pair.overall.shared, pair.overall.jaccard]),
  };
}

function matrixTable(runs: readonly OpenRun[], pairs: readonly PairOverlap[]): ExperimentTable {
  return {
    title: 'Matrix by matrix: kept by both, over the size',
    columns: [
      { name: 'masks', kind: 'text' },
      { name: 'layer', kind: 'count' },
      ...modulesOf(pairs).map((name) => ({ name, kind: 'share' as const })),
    ],
    rows: pairs.flatMap((pair) =>
      sharesOf(pair).map((shares, layer) => [nameOf(runs, pair), layer, ...shares]),
    ),
  };
}

const modulesOf = (pairs: readonly PairOverlap[]) => [
  ...new Set(pairs.flatMap(({ matrices }) => matrices.map(({ module }) => module))),
];

/** [layers][modules] */
function sharesOf(pair: PairOverlap): number[][] {
  const { matrices } = pair;
  const layers = 1 + Math.max(...matrices.map(({ layer }) => layer));
  const of = (layer: number, module: string) =>
    matrices.find((matrix) => matrix.layer === layer && matrix.module === module)?.shared ?? Number.NaN;
  return Array.from({ length: layers }, (_, layer) => modulesOf([pair]).map((module) => of(layer, module)));
}

function plotsOf(runs: readonly OpenRun[], pairs: readonly PairOverlap[]): ExperimentPlot[] {
  const all = pairs.flatMap(({ matrices }) => matrices.map(({ shared }) => shared));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return pairs.map((pair) => {
    const values = sharesOf(pair);
    return {
      kind: 'heat-map',
      title: nameOf(runs, pair),
      rows: values.map((_, layer) => `layer ${layer}`),
      columns: modulesOf(pairs),
      values,
      low,
      high,
    };
  });
}

function remarksOf(sparsities: readonly number[]): string[] {
  const [sparsity] = sparsities;
  const chance =
    sparsities.length === 1
      ? ` Masks that had nothing to do with each other would share ${Number((100 * (1 - sparsity) ** 2).toFixed(1))} %, equal ones ${Number((100 * (1 - sparsity)).toFixed(1))} %.`
      : '';
  return [`Similarity is the weights that both masks keep over the size of the matrix.${chance}`];
}

const tooFew = (count: number) =>
  new UserError(
    'RUNS_TOO_FEW',
    `Similarity is between masks of two or more runs, and ${count} was given.`,
    'Give --run NAME=FOLDER twice or more.',
  );
