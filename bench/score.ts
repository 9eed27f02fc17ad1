/**
 * Scoring of a model by this engine and by a PyTorch program that does the same work on the same tokens
 * (`pytorch_score.py`), one after the other on an otherwise idle machine: speed and peak memory, side by side.
 * For `balanced` there are two such programs: one makes a pass after the other, as the released code of these methods does; the
 * other takes no text through the model twice, as the engine does.
 *
 *   node bench/score.ts --model DIR --tokens FILE --open-tokens FILE [--criterion balanced] [--python PYTHON] [--threads 2]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printRatio, runForJson } from './side-by-side.ts';

interface Measured {
  /** Of each stage of the scoring. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly peakBytes: number;
  readonly loss: number;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    tokens: { type: 'string' },
    'open-tokens': { type: 'string' },
    criterion: { type: 'string', default: 'dual' },
    python: { type: 'string', default: process.env.DPRUNER_ORACLE_PYTHON ?? '.venv/bin/python' },
    threads: { type: 'string', default: '2' },
  },
});
const { model, tokens, 'open-tokens': openTokens, criterion } = values;
if (!model || !tokens || !openTokens) throw new Error('--model, --tokens and --open-tokens are needed');
if (criterion !== 'dual' && criterion !== 'balanced')
  throw new Error('--criterion: PyTorch’s program knows dual and balanced');
const inputs = ['--model', model, '--tokens', tokens, '--open-tokens', openTokens];

const ours = measureEngine();
if (criterion === 'dual') {
  const theirs = measurePyTorch();
  const domain = sum(ours, 'forward', 'backward');
  printRatio('general pass, seconds', sum(ours, 'general'), sum(theirs, 'general'));
  printRatio('domain pass, seconds', domain, sum(theirs, 'gradients', 'final'));
  printAll('both', ours, theirs);
} else {
  printAll('pass after pass', ours, measurePyTorch('--balanced'));
  printAll('no text twice', ours, measurePyTorch('--balanced', '--together'));
}

function sum({ seconds }: Measured, ...stages: readonly string[]): number {
  return stages.reduce((all, stage) => all + (seconds[stage] ?? 0), 0);
}

function printAll(what: string, engine: Measured, pytorch: Measured): void {
  const all = (measured: Measured) => sum(measured, ...Object.keys(measured.seconds));
  printRatio(`${what}, seconds`, all(engine), all(pytorch));
  printRatio('peak memory, MiB', engine.peakBytes / 2 ** 20, pytorch.peakBytes / 2 ** 20);
  console.log(`mean loss ${engine.loss.toFixed(6)} and ${pytorch.loss.toFixed(6)}`);
}

/** A whole `prune`; the stages' times hold reading, scoring and writing the shards, but not the export. */
function measureEngine(): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'dpruner-bench-'));
  try {
    const options = ['--criterion', criterion, '--out', join(folder, 'out'), '--json'];
    const { stages, scoringPeakMemoryBytes, loss } = runForJson(process.execPath, [
      ...['scripts/dpruner.mjs', 'prune', ...inputs, ...options],
    ]) as {
      stages: { stage: string; seconds: number }[];
      scoringPeakMemoryBytes: number;
      loss: number;
    };
    const seconds = Object.fromEntries(stages.map((each) => [each.stage, each.seconds]));
    return { seconds, peakBytes: scoringPeakMemoryBytes, loss };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measurePyTorch(...options: readonly string[]): Measured {
  const program = ['bench/pytorch_score.py', ...inputs, '--threads', values.threads, ...options];
  const { stages, peakRssBytes, meanLoss } = runForJson(values.python, program) as {
    stages: Record<string, { seconds: number }>;
    peakRssBytes: number;
    meanLoss: number;
  };
  const scoring = Object.entries(stages).filter(([stage]) => stage !== 'load');
  const seconds = Object.fromEntries(scoring.map(([stage, each]) => [stage, each.seconds]));
  return { seconds, peakBytes: peakRssBytes, loss: meanLoss };
}
