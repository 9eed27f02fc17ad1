/**
 * What `plan` predicts beside what `prune` then takes, on an otherwise idle machine: peak memory, scratch disk and the time of
 * each stage. One line a figure, with prediction / measurement.
 *
 *   node bench/plan.ts --model DIR --tokens FILE --open-tokens FILE [--prune "--criterion balanced"]
 *   node bench/plan.ts --shapes llama-2-7b --layers 1 --samples 4 --length 512
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PlanReport } from '../src/engine/plan.ts';
import type { PruneReport } from '../src/engine/prune-run.ts';
import { runDpruner } from './random-model/run-dpruner.ts';
import { shapeNamed } from './random-model/shapes.ts';
import { writeRandomInputs } from './random-model/write-inputs.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    tokens: { type: 'string' },
    'open-tokens': { type: 'string' },
    shapes: { type: 'string' },
    layers: { type: 'string', default: '1' },
    samples: { type: 'string', default: '4' },
    length: { type: 'string', default: '512' },
    prune: { type: 'string', default: '' },
    work: { type: 'string', default: tmpdir() },
  },
});

const work = mkdtempSync(join(values.work, 'dpruner-plan-'));
try {
  const inputs = values.shapes === undefined ? given() : await made(values.shapes);
  const settings = values.prune.split(' ').filter(Boolean);
  const [out, run] = [join(work, 'out'), join(work, 'run')];
  const options = [...inputs, ...settings, '--out', out, '--run', run];
  const planned = runDpruner('plan', options) as PlanReport;
  const startedAtMs = performance.now();
  const measured = runDpruner('prune', options) as PruneReport;
  const seconds = (performance.now() - startedAtMs) / 1000;
  compare('memory, MiB', planned.plan.memory.neededBytes / 2 ** 20, measured.peakMemoryBytes / 2 ** 20);
  const scores = planned.plan.scratch.parts.find(({ name }) => name === 'Scores');
  compare('scores, MiB', (scores?.bytes ?? 0) / 2 ** 20, bytesUnder(join(run, 'scores')) / 2 ** 20);
  for (const { stage, seconds: taken } of measured.stages) {
    const predicted = planned.times?.find((each) => each.stage === stage);
    if (predicted) compare(`${stage}, s`, predicted.ms / 1000, taken);
  }
  const stages = measured.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const predicted = (planned.times ?? []).reduce((sum, stage) => sum + stage.ms / 1000, 0);
  const scored = (planned.times ?? []).filter(({ stage }) => stage !== 'export');
  compare(
    'all stages, s',
    scored.reduce((sum, stage) => sum + stage.ms / 1000, 0),
    stages,
  );
  compare('all, with the export, s', predicted, seconds);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function compare(what: string, predicted: number, measured: number): void {
  const [first, second] = [predicted, measured].map((figure) => figure.toFixed(1).padStart(9));
  console.log(
    `${what.padEnd(24)} predicted ${first}  measured ${second}  ratio ${(predicted / measured).toFixed(2)}`,
  );
}

function given(): string[] {
  const { model, tokens, 'open-tokens': open } = values;
  if (!model || !tokens || !open)
    throw new Error('--model, --tokens and --open-tokens are needed, or --shapes');
  return ['--model', model, '--tokens', tokens, '--open-tokens', open];
}

function made(shapes: string): Promise<string[]> {
  const [layers, samples, length] = [values.layers, values.samples, values.length].map(Number);
  return writeRandomInputs(work, { shapes: shapeNamed(shapes), layers, samples, length });
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
