/**
 * Makes calibration and texts to measure on out of two collections of documents, for the study on texts of one's own.
 * Each collection is divided by document: one half is cut into sequences, the other laid end to end; a document of the other
 * half that shares more than a tenth of its runs of eight words with one half is left out, and so is one that repeats its own half.
 *
 *     node bench/study/divide-texts.ts --model DIR --domain FILE --open FILE --seed 3 --out DIR \
 *       [--samples 32] [--sequence-length 512]
 *
 * FILE is JSON Lines, CSV or .xlsx with a field `text`. Writes domain.jsonl and open.jsonl (token ids), domain.txt and open.txt.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { layEndToEnd } from '../../src/engine/calibration/open-domain.ts';
import { seededRandom, shuffled } from '../../src/engine/calibration/random.ts';
import { readTexts } from '../../src/engine/calibration/read-texts.ts';
import { openTokenizer } from '../../src/engine/tokenizer/open-tokenizer.ts';
import { writeTokens } from './write-tokens.ts';

const RUN = 8;
const MOST_SHARED = 0.1;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    domain: { type: 'string' },
    open: { type: 'string' },
    seed: { type: 'string', default: '0' },
    samples: { type: 'string', default: '32' },
    'sequence-length': { type: 'string', default: '512' },
    out: { type: 'string' },
  },
});
const { model, domain, open, out } = values;
if (!model || !domain || !open || !out) throw new Error('--model, --domain, --open and --out are needed');

const seed = Number(values.seed);
const wanted = Number(values.samples);
const sequenceLength = Number(values['sequence-length']);
const tokenizer = await openTokenizer(model);
mkdirSync(out, { recursive: true });
await divide('domain', domain, out);
await divide('open', open, out);

async function divide(name: string, file: string, folder: string): Promise<void> {
  const { texts } = await readTexts([file], 'auto', null, new Set());
  const inOrder = shuffled(texts, seededRandom(seed, `divide ${name}`));
  const middle = inOrder.length >> 1;
  const seen = new Set<string>();
  const calibration = inOrder.slice(0, middle).filter((text) => isNew(text, seen));
  const measured = inOrder.slice(middle).filter((text) => isNew(text, seen));
  const { samples } = layEndToEnd(calibration, { tokenizer, samples: wanted, sequenceLength, seed });
  writeTokens(join(folder, `${name}.jsonl`), samples);
  writeFileSync(join(folder, `${name}.txt`), measured.join('\n\n'));
  console.log(
    `${file}: of ${texts.length} documents ${calibration.length} to calibrate on, ${measured.length} to measure on`,
  );
}

/** Whether at most MOST_SHARED of the text's runs of words are in `seen`, to which they are added. */
function isNew(text: string, seen: Set<string>): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const runs = words.slice(RUN - 1).map((_, i) => words.slice(i, i + RUN).join(' '));
  const shared = runs.filter((run) => seen.has(run)).length;
  for (const run of runs) seen.add(run);
  return shared <= MOST_SHARED * runs.length;
}
