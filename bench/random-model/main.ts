/**
 * Writes a model of random weights with the layer shapes of a known one, and token files for it, to measure with:
 *
 *   node bench/random-model/main.ts --shapes llama-2-7b --layers 4 --samples 8 --length 512 --out DIR
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isShapeName, SHAPES } from './shapes.ts';
import { writeRandomModel } from './write-model.ts';
import { writeRandomTokens } from './write-tokens.ts';

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: 'llama-2-7b' },
    layers: { type: 'string', default: '4' },
    samples: { type: 'string', default: '8' },
    length: { type: 'string', default: '512' },
    out: { type: 'string' },
  },
});
const { shapes, out } = values;
if (!out) throw new Error('--out is needed');
if (!isShapeName(shapes)) throw new Error(`--shapes is one of ${Object.keys(SHAPES).join(', ')}`);

await writeRandomModel(out, shapes, Number(values.layers));
const { vocab_size: vocabSize } = SHAPES[shapes];
for (const [i, name] of ['domain', 'open'].entries()) {
  const tokens = { samples: Number(values.samples), length: Number(values.length), vocabSize, seed: i + 1 };
  writeRandomTokens(join(out, `${name}.jsonl`), tokens);
}
