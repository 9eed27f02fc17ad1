import { z } from 'zod';
import { CONTAINERS, presetPart } from './preset.ts';
import { problem } from './problem.ts';

const count = z.int().min(0);

/** What a part of the mix is to be looked at with. */
export const dataQuestion = z.strictObject({
  /** For its tokenizer. */
  modelDir: z.string().min(1),
  /** Of the preset; null for open-domain text. */
  part: presetPart.nullable(),
  files: z.array(z.string().min(1)).min(1),
  sequenceLength: z.int().positive(),
  /** Texts that the model will be measured on; records that occur there would flatter it. */
  evaluationFiles: z.array(z.string().min(1)).default([]),
});
export type DataQuestion = z.input<typeof dataQuestion>;

const dataFileFinding = z.object({
  path: z.string(),
  sha256: z.string().nullable(),
  sizeBytes: count,
  /** null where the file cannot be used; then `problem` says why. */
  container: z.enum(CONTAINERS).nullable(),
  records: count,
  problem: problem.nullable(),
});

/** How many records hold something that looks like it. A warning, not a de-identification. */
export const PERSONAL_PATTERNS = [
  'email',
  'phone',
  'date-of-birth',
  'social-security-number',
  'medical-record-number',
  'ip-address',
  'card-number',
  'titled-name',
] as const;

export const dataInspection = z.object({
  files: z.array(dataFileFinding),
  /** Of all readable files, duplicates included. */
  records: count,
  /** Records whose text was there before. */
  duplicates: count,
  /** Distinct records with fewer than two tokens, of those tokenised. */
  tooShort: count,
  /** Distinct records that were tokenised: all, or a random sample of them. */
  tokenised: count,
  /** Tokens a record: [from, below) and how many of the tokenised. Even steps from 0; the last may be open to the right. */
  lengths: z.array(z.object({ from: count, below: count.nullable(), records: count })),
  tokens: z.object({ total: count, median: count, longest: count }),
  /** Of the tokenised, those longer than the sequence length. */
  truncated: count,
  /** Records of which a run of 8 words also occurs in the evaluation texts; null where none were given. */
  overlap: z.object({ records: count, share: z.number() }).nullable(),
  personal: z.array(z.object({ pattern: z.enum(PERSONAL_PATTERNS), records: count })),
});
export type DataInspection = z.infer<typeof dataInspection>;

export const dataPreview = z.object({
  /** `masked`: every letter is x or X and every digit 9, so that only the form shows. */
  isMasked: z.boolean(),
  records: z.array(z.object({ prompt: z.string(), completion: z.string() })),
});
export type DataPreview = z.infer<typeof dataPreview>;
