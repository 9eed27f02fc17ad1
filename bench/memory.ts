/**
 * Peak memory against depth: complete runs (general and domain pass, masks, verified export) of models of random weights
 * with the layer shapes of a known one and 2, 4 and 8 decoder layers. It must be flat.
 *
 *   node bench/memory.ts [--shapes llama-2-7b] [--layers 2,4,8] [--samples 2] [--length 256] [--prune "--mu 0.7"] [--work DIR]
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { runDpruner } from './random-model/run-dpruner.ts';
import { shapeNamed } from './random-model/shapes.ts';
import { withRandomInputs } from './random-model/with-inputs.ts';

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: 'llama-2-7b' },
    layers: { type: 'string', default: '2,4,8' },
    samples: { type: 'string', default: '2' },
    length: { type: 'string', default: '256' },
    prune: { type: 'string', default: '' },
    work: { type: 'string', default: tmpdir() },
  },
});
const shapes = shapeNamed(values.shapes);
const [samples, length] = [values.samples, values.length].map(Number);
const MIB = 2 ** 20;

const peaks: number[] = [];
console.log('layers  weights GB  peak until scored  peak of all  seconds');
for (const layers of values.layers.split(',').map(Number)) {
  await withRandomInputs(values.work, { shapes, layers, samples, length }, (options) => {
    const startedAtMs = performance.now();
    const report = runDpruner('prune', [...options, ...values.prune.split(' ').filter(Boolean)]) as {
      scoringPeakMemoryBytes: number;
      peakMemoryBytes: number;
      export: { weightFiles: Record<string, { bytes: number }> };
    };
    const seconds = (performance.now() - startedAtMs) / 1000;
    const bytes = Object.values(report.export.weightFiles).reduce((sum, file) => sum + file.bytes, 0);
    peaks.push(report.peakMemoryBytes);
    const mib = (peak: number) => `${Math.round(peak / MIB)} MiB`;
    console.log(
      [
        String(layers).padStart(6),
        (bytes / 1e9).toFixed(2).padStart(10),
        mib(report.scoringPeakMemoryBytes).padStart(17),
        mib(report.peakMemoryBytes).padStart(11),
        seconds.toFixed(0).padStart(7),
      ].join('  '),
    );
  });
}
const spread = Math.max(...peaks) / Math.min(...peaks) - 1;
console.log(`The highest peak is ${(100 * spread).toFixed(1)} % above the lowest.`);
