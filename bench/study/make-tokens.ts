/**
 * Writes the study's calibration as token files, so that every program in it sees the same: DOMAIN.jsonl and open.jsonl.
 *
 *     node bench/study/make-tokens.ts --model DIR --preset legal --data casehold=FILE --data billsum=FILE --open FILE \
 *       --samples 32 --sequence-length 512 --open-samples 32 --open-sequence-length 512 --seed 0 --out DIR
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCalibration } from '../../src/engine/calibration/mix.ts';
import { buildOpenDomain } from '../../src/engine/calibration/open-domain.ts';
import { loadPreset } from '../../src/engine/calibration/preset.ts';
import { openTokenizer } from '../../src/engine/tokenizer/open-tokenizer.ts';
import { writeTokens } from './write-tokens.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    preset: { type: 'string' },
    data: { type: 'string', multiple: true, default: [] },
    open: { type: 'string' },
    samples: { type: 'string', default: '32' },
    'sequence-length': { type: 'string', default: '512' },
    'open-samples': { type: 'string', default: '32' },
    'open-sequence-length': { type: 'string', default: '512' },
    seed: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
});
const { model, preset, data, open, out } = values;
if (!model || !preset || !open || !out) throw new Error('--model, --preset, --open and --out are needed');

const tokenizer = await openTokenizer(model);
const seed = Number(values.seed);
const files = new Map(
  data.map((pair) => {
    const [name, file] = pair.split('=');
    return [name, [file]] as const;
  }),
);
const domain = await buildCalibration({
  preset: await loadPreset(preset),
  data: files,
  tokenizer,
  samples: Number(values.samples),
  sequenceLength: Number(values['sequence-length']),
  seed,
  onShortfall: 'proportion',
});
const openDomain = await buildOpenDomain({
  files: [open],
  tokenizer,
  samples: Number(values['open-samples']),
  sequenceLength: Number(values['open-sequence-length']),
  seed,
});

mkdirSync(out, { recursive: true });
writeTokens(
  join(out, 'domain.jsonl'),
  domain.samples.map(({ inputIds }) => inputIds),
);
writeTokens(join(out, 'open.jsonl'), openDomain.samples);
