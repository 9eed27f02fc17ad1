/**
 * Pruning of a model by magnitude, Wanda, SparseGPT and compensation, by this engine and by a PyTorch program that does the
 * same work on the same tokens (`pytorch_methods.py`), one after the other on an otherwise idle machine: time and peak
 * memory side by side, and how far the two pruned models agree.
 *
 *   node bench/methods.ts --model DIR --tokens FILE [--methods wanda,sparsegpt] [--max-sequences N] [--python PYTHON] [--threads 2]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCheckpoint } from '../src/engine/checkpoint/open-checkpoint.ts';
import { linearsOf, linearWeight } from '../src/engine/checkpoint/weight-names.ts';
import { printRatio, runForJson } from './side-by-side.ts';

interface Measured {
  /** Of pruning alone: without reading the model first (PyTorch) and without writing the pruned one. */
  readonly pruningSeconds: number | null;
  /** Of the whole command: the engine also reads back what it wrote. */
  readonly wholeSeconds: number;
  readonly peakBytes: number;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    tokens: { type: 'string' },
    methods: { type: 'string', default: 'magnitude,wanda,sparsegpt,magnitude+compensate' },
    'max-sequences': { type: 'string', default: 'Infinity' },
    python: { type: 'string', default: process.env.DPRUNER_ORACLE_PYTHON ?? '.venv/bin/python' },
    threads: { type: 'string', default: '2' },
  },
});
const { model, tokens } = values;
if (!model || !tokens) throw new Error('--model and --tokens are needed');

const folder = mkdtempSync(join(tmpdir(), 'dpruner-bench-'));
try {
  const sequences = join(folder, 'tokens.jsonl');
  writeFileSync(sequences, firstLines(tokens, Number(values['max-sequences'])));
  for (const method of values.methods.split(',')) await measure(method, model, sequences);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(method: string, modelDir: string, sequences: string): Promise<void> {
  const ours = measureEngine(method, modelDir, sequences);
  const theirs = measurePyTorch(method, modelDir, sequences);
  console.log(method);
  if (ours.pruningSeconds !== null && theirs.pruningSeconds !== null)
    printRatio('  pruning, seconds', ours.pruningSeconds, theirs.pruningSeconds);
  printRatio('  whole command, seconds', ours.wholeSeconds, theirs.wholeSeconds);
  printRatio('  peak memory, MiB', ours.peakBytes / 2 ** 20, theirs.peakBytes / 2 ** 20);
  console.log(`  ${await agreement()}`);
  for (const name of ['engine', 'pytorch']) rmSync(join(folder, name), { recursive: true });
}

function measureEngine(method: string, modelDir: string, sequences: string): Measured {
  const [name, compensate] = method.split('+');
  const prune = [
    ...['scripts/dpruner.mjs', 'prune', '--model', modelDir, '--method', name],
    ...(compensate ? ['--compensate'] : []),
    ...['--open-tokens', sequences, '--calibrate-on', 'open', '--out', join(folder, 'engine'), '--json'],
  ];
  const startedAtMs = performance.now();
  const { stages, scoringPeakMemoryBytes } = runForJson(process.execPath, prune) as {
    stages: { seconds: number }[];
    scoringPeakMemoryBytes: number;
  };
  rmSync(join(folder, 'engine-run'), { recursive: true, force: true });
  return {
    // Magnitude has no stages: it chooses while it writes.
    pruningSeconds: stages.length > 0 ? stages.reduce((sum, { seconds }) => sum + seconds, 0) : null,
    wholeSeconds: (performance.now() - startedAtMs) / 1000,
    peakBytes: scoringPeakMemoryBytes,
  };
}

function measurePyTorch(method: string, modelDir: string, sequences: string): Measured {
  const startedAtMs = performance.now();
  const { seconds, peakRssBytes } = runForJson(values.python, [
    ...['bench/pytorch_methods.py', '--model', modelDir, '--tokens', sequences, '--method', method],
    ...['--threads', values.threads, '--out', join(folder, 'pytorch')],
  ]) as { seconds: { prune: number }; peakRssBytes: number };
  const wholeSeconds = (performance.now() - startedAtMs) / 1000;
  return { pruningSeconds: seconds.prune, wholeSeconds, peakBytes: peakRssBytes };
}

/** How many weights are zero in one of the two pruned models alone, and how far the others are apart. */
async function agreement(): Promise<string> {
  const [ours, theirs] = await Promise.all(
    ['engine', 'pytorch'].map((name) => openCheckpoint(join(folder, name))),
  );
  let size = 0;
  let differing = 0;
  let squaredError = 0;
  let squares = 0;
  for (let layer = 0; layer < ours.config.numHiddenLayers; layer++) {
    for (const linear of linearsOf(ours.config)) {
      const [a, b] = await Promise.all(
        [ours, theirs].map((each) => each.readFloat32(linearWeight(ours.config, layer, linear))),
      );
      size += a.length;
      for (let m = 0; m < a.length; m++) {
        if ((a[m] === 0) !== (b[m] === 0)) differing++;
        squaredError += (a[m] - b[m]) ** 2;
        squares += b[m] ** 2;
      }
    }
  }
  await Promise.all([ours.close(), theirs.close()]);
  const distance = Math.sqrt(squaredError / squares).toExponential(1);
  return `masks differ in ${differing} of ${size} weights; relative distance of the weights ${distance}`;
}

function firstLines(file: string, count: number): string {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join('');
}
