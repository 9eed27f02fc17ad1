import type { z } from 'zod';
import type { DataInspection, dataQuestion } from '../../contract/data-inspection.ts';
import { seededRandom, shuffled } from '../../engine/calibration/random.ts';
import { MIN_TOKENS } from '../../engine/calibration/sample-source.ts';
import { openTokenizer } from '../../engine/tokenizer/open-tokenizer.ts';
import { EvaluationOverlap } from './evaluation-overlap.ts';
import { lengthHistogram } from './length-histogram.ts';
import { PersonalPatternCounts } from './personal-patterns.ts';
import { readPartFile } from './read-part.ts';

/** A sample of so many texts gives lengths to a percent or two, in seconds. */
const TOKENISED_AT_MOST = 3000;

/** Looks at the files of one part of the mix: what a run would find there. No text leaves this function. */
export async function inspectData(question: z.output<typeof dataQuestion>): Promise<DataInspection> {
  const { part, files, sequenceLength, evaluationFiles } = question;
  const read = [];
  for (const file of files) read.push(await readPartFile(file, part));
  const all = read.flatMap(({ records }) => records.map(({ prompt, completion }) => prompt + completion));
  const distinct = [...new Set(all)];

  const personal = new PersonalPatternCounts();
  for (const text of distinct) personal.add(text);
  const overlap = evaluationFiles.length > 0 ? await EvaluationOverlap.of(evaluationFiles) : null;
  const overlapping = overlap ? distinct.filter((text) => overlap.has(text)).length : 0;

  const lengths = await tokenLengths(question.modelDir, distinct);
  const longEnough = lengths.filter((length) => length >= MIN_TOKENS);
  return {
    files: read.map(({ finding }) => finding),
    records: all.length,
    duplicates: all.length - distinct.length,
    tooShort: lengths.length - longEnough.length,
    tokenised: lengths.length,
    lengths: lengthHistogram(lengths),
    tokens: {
      total: lengths.reduce((sum, length) => sum + length, 0),
      median: [...lengths].sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0,
      longest: lengths.reduce((most, length) => Math.max(most, length), 0),
    },
    truncated: lengths.filter((length) => length > sequenceLength).length,
    overlap: overlap && { records: overlapping, share: overlapping / Math.max(1, distinct.length) },
    personal: personal.found(),
  };
}

async function tokenLengths(modelDir: string, texts: readonly string[]): Promise<number[]> {
  const tokenizer = await openTokenizer(modelDir);
  const sample =
    texts.length <= TOKENISED_AT_MOST
      ? texts
      : shuffled(texts, seededRandom(0, 'inspection')).slice(0, TOKENISED_AT_MOST);
  return sample.map((text) => tokenizer.encode(text).length);
}
