/**
 * Seconds of a run's passes against depth and against samples: random weights with a known model's layer shapes. Each series is
 * compared with the straight line of least squares through it.
 *
 *   node bench/cost.ts [--shapes tinyllama-1.1b] [--layers 1,2,4] [--samples 2,4,8] [--length 512] [--work DIR]
 *
 * The series of layers takes the middle number of samples, and the other way round. On an otherwise idle machine.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import type { PruneReport } from '../src/engine/prune-run.ts';
import { runDpruner } from './random-model/run-dpruner.ts';
import { shapeNamed } from './random-model/shapes.ts';
import { withRandomInputs } from './random-model/with-inputs.ts';

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: 'tinyllama-1.1b' },
    layers: { type: 'string', default: '1,2,4' },
    samples: { type: 'string', default: '2,4,8' },
    length: { type: 'string', default: '512' },
    work: { type: 'string', default: tmpdir() },
  },
});
const shapes = shapeNamed(values.shapes);
const length = Number(values.length);
const [depths, sizes] = [values.layers, values.samples].map((list) => list.split(',').map(Number));
const [depth, size] = [depths, sizes].map((list) => list[list.length >> 1]);

const both = await seconds(depth, size);
await series('layers', depths, (layers) => (layers === depth ? both : seconds(layers, size)));
await series('samples of either text', sizes, (samples) =>
  samples === size ? both : seconds(depth, samples),
);

async function series(
  what: string,
  xs: readonly number[],
  measure: (x: number) => number | Promise<number>,
): Promise<void> {
  const points: [x: number, y: number][] = [];
  for (const x of xs) points.push([x, await measure(x)]);
  const { begin, slope } = straightLine(points);
  console.log(`\n${what}: ${begin.toFixed(1)} s + ${slope.toFixed(2)} s each`);
  for (const [x, y] of points) {
    const off = (100 * (y / (begin + slope * x) - 1)).toFixed(1);
    console.log(`${String(x).padStart(4)}${y.toFixed(1).padStart(8)} s  ${off} % off the line`);
  }
}

/** Of a complete run, its passes: until every weight is scored. */
function seconds(layers: number, samples: number): Promise<number> {
  return withRandomInputs(values.work, { shapes, layers, samples, length }, (options) => {
    const { stages } = runDpruner('prune', options) as PruneReport;
    return stages.reduce((sum, stage) => sum + stage.seconds, 0);
  });
}

/** Least squares. */
function straightLine(points: readonly (readonly [number, number])[]): { begin: number; slope: number } {
  const mean = (numbers: readonly number[]) =>
    numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope = mean(points.map(([a, b]) => (a - x) * (b - y))) / mean(points.map(([a]) => (a - x) ** 2));
  return { begin: y - slope * x, slope };
}
