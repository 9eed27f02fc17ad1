/**
 * Writes a model of random weights with the layer shapes of a known one, DIR/model, and token files for it, to measure with:
 *
 *   node bench/random-model/main.ts --shapes llama-2-7b --layers 4 --samples 8 --length 512 --out DIR
 */
import { parseArgs } from 'node:util';
import { shapeNamed } from './shapes.ts';
import { writeRandomInputs } from './write-inputs.ts';

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: 'llama-2-7b' },
    layers: { type: 'string', default: '4' },
    samples: { type: 'string', default: '8' },
    length: { type: 'string', default: '512' },
    out: { type: 'string' },
  },
});
const { out } = values;
if (!out) throw new Error('--out is needed');
const [layers, samples, length] = [values.layers, values.samples, values.length].map(Number);
await writeRandomInputs(out, { shapes: shapeNamed(values.shapes), layers, samples, length });
