import { UserError } from '../../contract/error.ts';
import type { Tokenizer } from '../tokenizer/open-tokenizer.ts';
import { seededRandom, shuffled } from './random.ts';
import { type DataFile, readTexts } from './read-texts.ts';
import { MIN_TOKENS } from './sample-source.ts';

export interface OpenDomainOptions {
  /** JSONL, JSON, CSV or .xlsx with `text`, or `prompt` and `completion`; or plain text. */
  readonly files: readonly string[] | null;
  readonly tokenizer: Tokenizer;
  /** Sequences wanted. */
  readonly samples: number;
  /** Tokens of a sequence. */
  readonly sequenceLength: number;
  readonly seed: number;
}

/** How an open-domain set came about. It holds no text. */
export interface OpenDomainReport {
  readonly seed: number;
  readonly sequenceLength: number;
  readonly wanted: number;
  readonly used: number;
  readonly tokens: number;
  /** Tokens of the last sequence where the files were used up before it was full, else null. */
  readonly partialTokens: number | null;
  readonly documents: { readonly available: number; readonly used: number; readonly duplicates: number };
  readonly files: readonly DataFile[];
  readonly notes: readonly string[];
}

export interface OpenDomainSet {
  /** Each of `sequenceLength` ids, but for a shorter last one where the files were used up. */
  readonly samples: readonly Int32Array<ArrayBuffer>[];
  readonly report: OpenDomainReport;
}

/** Put after each document, as the text benchmarks of language models are joined. */
const SEPARATOR = '\n\n';

/**
 * Full sequences of open-domain text for the general importance. SparseGPT and Wanda cut a random window out of C4
 * documents that are longer than the sequence; shorter ones would be lost that way, so here the documents are put in
 * random order by the seed, each tokenized with the model's special tokens and a blank line at its end, and laid end
 * to end; the sequences are cut from the result one after another, without overlap.
 *
 * @throws UserError OPEN_DOMAIN_MISSING, OPEN_DOMAIN_EMPTY, and what readRecords throws.
 */
export async function buildOpenDomain(options: OpenDomainOptions): Promise<OpenDomainSet> {
  const { samples: wanted, sequenceLength, seed } = options;
  if (options.files === null || options.files.length === 0) {
    throw new UserError(
      'OPEN_DOMAIN_MISSING',
      'The general importance needs open-domain text, and no file is given.',
      'Give --open FILE, or a criterion that does without it: --criterion domain.',
    );
  }
  const { texts, files, duplicates } = await readTexts(options.files, 'auto', null, new Set());
  const { samples, documents, filled } = layEndToEnd(texts, options);
  const last = samples.at(-1);
  if (last === undefined) throw tooShort(options.files);
  return {
    samples,
    report: {
      seed,
      sequenceLength,
      wanted,
      used: samples.length,
      tokens: samples.reduce((sum, { length }) => sum + length, 0),
      partialTokens: last.length < sequenceLength ? last.length : null,
      documents: { available: texts.length, used: documents, duplicates },
      files,
      notes:
        filled < wanted * sequenceLength ? [describeShortage(filled, wanted * sequenceLength, samples)] : [],
    },
  };
}

/**
 * Documents in random order by the seed, end to end, cut into sequences.
 * @returns the documents of which there is something in the sequences, and their tokens
 */
export function layEndToEnd(
  texts: readonly string[],
  { tokenizer, samples: wanted, sequenceLength, seed }: Omit<OpenDomainOptions, 'files'>,
): { samples: Int32Array<ArrayBuffer>[]; documents: number; filled: number } {
  const stream = new Int32Array(wanted * sequenceLength);
  let filled = 0;
  let documents = 0;
  for (const text of shuffled(texts, seededRandom(seed, 'open-domain'))) {
    if (filled === stream.length) break;
    const ids = tokenizer.encode(text + SEPARATOR).subarray(0, stream.length - filled);
    stream.set(ids, filled);
    filled += ids.length;
    documents++;
  }
  return { samples: cutSequences(stream.subarray(0, filled), sequenceLength), documents, filled };
}

/** A rest of fewer than MIN_TOKENS is dropped. */
function cutSequences(ids: Int32Array<ArrayBuffer>, sequenceLength: number): Int32Array<ArrayBuffer>[] {
  const sequences: Int32Array<ArrayBuffer>[] = [];
  for (let start = 0; start <= ids.length - MIN_TOKENS; start += sequenceLength) {
    sequences.push(ids.slice(start, start + sequenceLength));
  }
  return sequences;
}

const describeShortage = (filled: number, wanted: number, samples: readonly Int32Array[]): string =>
  `The open-domain files have ${filled} of the ${wanted} tokens wanted; all of them are used, in ${samples.length} ` +
  `sequences of which the last has ${samples.at(-1)?.length} tokens.`;

const tooShort = (files: readonly string[]) =>
  new UserError(
    'OPEN_DOMAIN_EMPTY',
    `${files.join(', ')}: fewer than two tokens of text.`,
    'Give a file with open-domain text; a few hundred thousand words are a good amount.',
  );
