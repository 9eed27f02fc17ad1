/**
 * Scoring of a model by this engine and by a PyTorch program that does the same work on the same tokens
 * (`pytorch_score.py`), one after the other on an otherwise idle machine: speed and peak memory, side by side.
 *
 *   node bench/score.ts --model DIR --tokens FILE --open-tokens FILE [--python PYTHON] [--threads 2]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printRatio, runForJson } from './side-by-side.ts';

interface Measured {
  readonly generalSeconds: number;
  readonly domainSeconds: number;
  readonly peakBytes: number;
  readonly loss: number;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    tokens: { type: 'string' },
    'open-tokens': { type: 'string' },
    python: { type: 'string', default: process.env.DPRUNER_ORACLE_PYTHON ?? '.venv/bin/python' },
    threads: { type: 'string', default: '2' },
  },
});
const { model, tokens, 'open-tokens': openTokens } = values;
if (!model || !tokens || !openTokens) throw new Error('--model, --tokens and --open-tokens are needed');
const inputs = ['--model', model, '--tokens', tokens, '--open-tokens', openTokens];

const ours = measureEngine();
const theirs = measurePyTorch();
printRatio('general pass, seconds', ours.generalSeconds, theirs.generalSeconds);
printRatio('domain pass, seconds', ours.domainSeconds, theirs.domainSeconds);
const total = (measured: Measured) => measured.generalSeconds + measured.domainSeconds;
printRatio('both, seconds', total(ours), total(theirs));
printRatio('peak memory, MiB', ours.peakBytes / 2 ** 20, theirs.peakBytes / 2 ** 20);
console.log(`mean loss ${ours.loss.toFixed(6)} and ${theirs.loss.toFixed(6)}`);

/** A whole `prune`; the stages' times hold reading, scoring and writing the shards, but not the export. */
function measureEngine(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'dpruner-bench-'));
  try {
    const prune = ['scripts/dpruner.mjs', 'prune', ...inputs, '--out', join(folder, 'out'), '--json'];
    const result = runForJson(process.execPath, prune) as {
      stages: { stage: string; seconds: number }[];
      scoringPeakMemoryBytes: number;
      loss: number;
    };
    const seconds = (...stages: string[]) =>
      result.stages
        .filter(({ stage }) => stages.includes(stage))
        .reduce((sum, stage) => sum + stage.seconds, 0);
    return {
      generalSeconds: seconds('general'),
      domainSeconds: seconds('forward', 'backward'),
      peakBytes: result.scoringPeakMemoryBytes,
      loss: result.loss,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measurePyTorch(): Measured {
  const result = runForJson(values.python, [
    'bench/pytorch_score.py',
    ...inputs,
    '--threads',
    values.threads,
  ]) as {
    stages: Record<'general' | 'gradients' | 'final', { seconds: number }>;
    peakRssBytes: number;
    meanLoss: number;
  };
  const { general, gradients, final } = result.stages;
  return {
    generalSeconds: general.seconds,
    domainSeconds: gradients.seconds + final.seconds,
    peakBytes: result.peakRssBytes,
    loss: result.meanLoss,
  };
}
