import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A LLaMA of 2 layers and 30,000 weights, without a tokenizer. */
export const TOY_MODEL = join(import.meta.dirname, '../oracle/fixtures/toy-llama');

type Samples = readonly (readonly number[])[];

const tokens: { readonly domain: Samples; readonly open: Samples } = JSON.parse(
  readFileSync(join(TOY_MODEL, 'tokens.json'), 'utf8'),
);

/** Writes the toy model's samples as token files, each sample `times` times. */
export function writeTokenFiles(folder: string, times = 1): { domain: string; open: string } {
  const write = (name: string, samples: Samples) => {
    const path = join(folder, name);
    const lines = samples.map((sample) => `${JSON.stringify({ input_ids: sample })}\n`);
    writeFileSync(path, lines.join('').repeat(times));
    return path;
  };
  return { domain: write('domain.jsonl', tokens.domain), open: write('open.jsonl', tokens.open) };
}
