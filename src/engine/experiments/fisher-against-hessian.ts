import { setImmediate } from 'node:timers/promises';
import { Interrupted, UserError } from '../../contract/error.ts';
import type { ExperimentReport, ExperimentTable, LinePlot } from '../../contract/experiment.ts';
import type { OnProgress } from '../../contract/progress.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { readEvaluatedText } from '../evaluation/evaluated-text.ts';
import { weightBytes, weightsFit } from '../generation/layer-source.ts';
import { appVersion } from '../run/app-version.ts';
import { modelFingerprint } from '../run/fingerprint.ts';
import { describeTokens } from '../run/new-record.ts';
import { currentBackend, openBackend } from '../tensor/backend.ts';
import type { FisherRequest } from './experiment-request.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { type Curvature, curvaturesOf, drawWeights } from './second-derivatives.ts';
import { WeightGradients } from './weight-gradients.ts';

/**
 * How well the empirical Fisher diagonal orders weights as the exact Hessian diagonal does, for weights drawn from every
 * matrix. Meant for small models: each weight takes two passes forward and back.
 */
export async function fisherAgainstHessian(
  request: FisherRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<ExperimentReport> {
  const { source, samples, sequenceLength: window, seed } = request;
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const reading = { window, stride: window, maxTokens: samples * window };
    const text = await readEvaluatedText(checkpoint, source, reading);
    const sequences = text.windows.map(({ inputIds }) => inputIds);
    if (!weightsFit(checkpoint)) throw tooLarge(checkpoint);
    await openBackend(request.backend);
    const startedAtMs = performance.now();
    const found = await measureCurvatures(checkpoint, sequences, request, onProgress, signal);
    const { file, sha256, stride, maxTokens } = text;
    const scoredTokens = sequences.reduce((sum, { length }) => sum + length - 1, 0);
    return {
      format: 1,
      experiment: 'fisher',
      title: 'Empirical Fisher against the Hessian diagonal',
      appVersion,
      finishedAt: new Date().toISOString(),
      modelDir: checkpoint.dir,
      modelFingerprint: await modelFingerprint(checkpoint),
      backend: currentBackend(),
      settings: null,
      texts: [{ name: 'text', file, sha256, window, stride, maxTokens, scoredTokens }],
      tasks: [],
      calibrations: [{ name: 'text', domain: describeTokens(sequences), open: null }],
      seconds: { scoring: (performance.now() - startedAtMs) / 1000, pruning: 0, measuring: 0 },
      tables: [agreementTable(found), weightTable(found)],
      plots: [scatterPlot(found)],
      remarks: remarksOf(found, seed),
    };
  } finally {
    await checkpoint.close();
  }
}

async function measureCurvatures(
  checkpoint: Checkpoint,
  sequences: readonly Int32Array[],
  { weightsPerMatrix, seed }: FisherRequest,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<Curvature[]> {
  const gradients = await WeightGradients.open(checkpoint, sequences);
  try {
    const drawn = drawWeights(checkpoint.config, weightsPerMatrix, seed);
    const groups = Map.groupBy(drawn, ({ layer, group }) => `${layer} ${group}`);
    const { numHiddenLayers: total } = checkpoint.config;
    const found: Curvature[] = [];
    const startedAtMs = performance.now();
    for (const weights of groups.values()) {
      for (const curvature of curvaturesOf(gradients, weights)) {
        found.push(curvature);
        const left = (drawn.length - found.length) / found.length;
        const remainingMs = left * (performance.now() - startedAtMs);
        onProgress({ stage: 'evaluate', done: (total * found.length) / drawn.length, total, remainingMs });
        await setImmediate();
        if (signal?.aborted) throw new Interrupted('stopped on request');
      }
    }
    return found;
  } finally {
    await gradients.close();
  }
}

const modulesOf = (found: readonly Curvature[]) => [...new Set(found.map(({ linear }) => linear))];

/** How well Fisher orders the weights of each kind of matrix, as curvatures and as importances (times w²). */
function agreementTable(found: readonly Curvature[]): ExperimentTable {
  const rowOf = (name: string, of: readonly Curvature[]) => {
    const hessians = of.map(({ hessian }) => hessian);
    const fishers = of.map(({ fisher }) => fisher);
    const importance = (each: readonly number[]) => each.map((value, i) => value * of[i].value ** 2);
    return [
      name,
      of.length,
      rankCorrelation(fishers, hessians),
      rankCorrelation(importance(fishers), importance(hessians)),
      medianOf(of.filter(({ hessian }) => hessian > 0).map(({ hessian, fisher }) => fisher / hessian)),
      hessians.filter((hessian) => hessian <= 0).length / of.length,
    ];
  };
  return {
    title: 'Agreement',
    columns: [
      { name: 'module', kind: 'text' },
      { name: 'weights', kind: 'count' },
      { name: 'rank correlation', kind: 'figure' },
      { name: 'rank correlation times w²', kind: 'figure' },
      { name: 'median of Fisher / Hessian', kind: 'figure' },
      { name: 'Hessian not above 0', kind: 'share' },
    ],
    rows: [
      ...modulesOf(found).map((module) =>
        rowOf(
          module,
          found.filter(({ linear }) => linear === module),
        ),
      ),
      rowOf('all', found),
    ],
  };
}

function weightTable(found: readonly Curvature[]): ExperimentTable {
  return {
    title: 'Every weight',
    columns: [
      { name: 'layer', kind: 'count' },
      { name: 'module', kind: 'text' },
      ...['weight', 'Hessian', 'Fisher'].map((name) => ({ name, kind: 'figure' as const })),
    ],
    rows: found.map(({ layer, linear, value, hessian, fisher }) => [layer, linear, value, hessian, fisher]),
  };
}

function scatterPlot(found: readonly Curvature[]): LinePlot {
  const shown = found.filter(({ hessian, fisher }) => hessian > 0 && fisher > 0);
  return {
    kind: 'lines',
    title: 'Weights whose second derivative is above 0',
    x: { label: 'Hessian diagonal', scale: 'log' },
    y: { label: 'empirical Fisher', scale: 'log' },
    joined: false,
    series: modulesOf(shown).map((name) => ({
      name,
      points: shown
        .filter(({ linear }) => linear === name)
        .map(({ hessian, fisher }) => ({ x: hessian, y: fisher })),
    })),
  };
}

function remarksOf(found: readonly Curvature[], seed: number): string[] {
  const overall = rankCorrelation(
    found.map(({ fisher }) => fisher),
    found.map(({ hessian }) => hessian),
  );
  return [
    `Over ${found.length} weights, the same number of each matrix, drawn with seed ${seed}, the ranks of the empirical Fisher and of the second derivative correlate by ${overall.toFixed(2)} (1: the same order, 0: none).`,
    'Both are of the mean over the sequences of their mean next-token cross-entropy. The Fisher squares a sequence’s mean gradient, which divides it by about the number of tokens: the order counts, not the ratio.',
    'A second derivative is the central difference of two gradients a hundredth of the matrix’s root mean square apart on either side, computed in float32.',
  ];
}

/** null of nothing. */
function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

const tooLarge = (checkpoint: Checkpoint) =>
  new UserError(
    'MODEL_TOO_LARGE',
    `The experiment holds all weights of ${checkpoint.dir} in memory, ${Math.ceil(weightBytes(checkpoint) / 2 ** 30)} GiB, and so much is not free.`,
    'Use a small model, such as the one of the demonstration.',
  );
