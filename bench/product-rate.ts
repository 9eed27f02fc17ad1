/**
 * What share of the machine's own rate of matrix products a complete run reaches, on random weights with a known model's layer
 * shapes. Counted are the products that the equations and the passes of ADR 1 ask for, attention's among them; not the inversions,
 * nor what is computed beside products. Of sums x xᵀ a triangle is counted, as one is computed.
 *
 *   node bench/product-rate.ts [--shapes llama-2-7b] [--layers 2] [--samples 8] [--length 512] [--work DIR]
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DoctorReport } from '../src/cli/doctor/format-doctor.ts';
import type { ModelConfig } from '../src/engine/checkpoint/config.ts';
import { attentionFlops } from '../src/engine/planning/attention-flops.ts';
import { readPlannedModel } from '../src/engine/planning/planned-model.ts';
import type { PruneReport } from '../src/engine/prune-run.ts';
import { headFlops, layerFlops } from '../src/engine/streaming/stage-work.ts';
import { runDpruner } from './random-model/run-dpruner.ts';
import { shapeNamed } from './random-model/shapes.ts';
import { withRandomInputs } from './random-model/with-inputs.ts';

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: 'llama-2-7b' },
    layers: { type: 'string', default: '2' },
    samples: { type: 'string', default: '8' },
    length: { type: 'string', default: '512' },
    work: { type: 'string', default: tmpdir() },
  },
});
const shapes = shapeNamed(values.shapes);
const [layers, samples, length] = [values.layers, values.samples, values.length].map(Number);

await withRandomInputs(values.work, { shapes, layers, samples, length }, async (options, folder) => {
  const before = ownRate();
  const { stages } = runDpruner('prune', options) as PruneReport;
  const rate = (before + ownRate()) / 2;
  const flopsOf = productsByStage((await readPlannedModel(join(folder, 'model'))).config);
  console.log(`the machine’s own products: ${rate.toFixed(0)} GFLOP/s`);
  for (const { stage, seconds } of stages) print(stage, seconds, flopsOf(stage) / 1e9, rate);
  const all = stages.reduce((sum, { stage }) => sum + flopsOf(stage), 0);
  print(
    'until scored',
    stages.reduce((sum, { seconds }) => sum + seconds, 0),
    all / 1e9,
    rate,
  );
});

/** 10⁹ operations a second of the backend that runs use. */
function ownRate(): number {
  const { backends } = runDpruner('doctor') as DoctorReport;
  return backends.find(({ chosen }) => chosen)?.matMulGflops ?? Number.NaN;
}

/** Operations of all tokens' products in a stage of a run with the criterion `dual`. */
function productsByStage(config: ModelConfig): (stage: string) => number {
  const { forward, general, backward } = layerFlops(config);
  const attention = (passes: number) => attentionFlops(config, length, passes);
  const perToken: Record<string, number> = {
    general: layers * (general + attention(1)),
    forward: layers * (forward + attention(1)) + headFlops(config, true),
    backward: layers * (backward + attention(3)),
  };
  return (stage) => samples * length * (perToken[stage] ?? 0);
}

function print(what: string, seconds: number, gflop: number, rate: number): void {
  const share = ((100 * gflop) / seconds / rate).toFixed(0);
  console.log(
    `${what.padEnd(28)}${seconds.toFixed(1).padStart(8)} s${(gflop / seconds).toFixed(0).padStart(6)} GFLOP/s  ${share} %`,
  );
}
