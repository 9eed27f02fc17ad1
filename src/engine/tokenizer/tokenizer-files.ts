import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';

const jsonObject = z.record(z.string(), z.unknown());
export type JsonObject = z.infer<typeof jsonObject>;

/** What a step of tokenizer.json says, or null where the tokenizer has no such step. */
const step = jsonObject.nullable().default(null);

const tokenizerJson = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int().min(0), content: z.string() })).default([]),
  normalizer: step,
  pre_tokenizer: step,
  post_processor: step,
  decoder: step,
  model: z.looseObject({
    type: z.enum(['BPE', 'Unigram', 'WordPiece']).optional(),
    vocab: z.union([z.record(z.string(), z.int().min(0)), z.array(z.unknown())]),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).optional(),
  }),
});
export type TokenizerJson = z.infer<typeof tokenizerJson>;

/** A special token is written as a plain string or as the fields of an AddedToken. */
const specialToken = z
  .union([z.string(), z.looseObject({ content: z.string() })])
  .transform((token) => (typeof token === 'string' ? token : token.content))
  .nullish();

const tokenizerConfig = z.looseObject({
  bos_token: specialToken,
  eos_token: specialToken,
  add_bos_token: z.boolean().nullish(),
  add_eos_token: z.boolean().nullish(),
  clean_up_tokenization_spaces: z.boolean().nullish(),
});
export type TokenizerConfig = z.infer<typeof tokenizerConfig>;

export interface TokenizerFiles {
  readonly tokenizer: TokenizerJson;
  readonly config: TokenizerConfig;
}

/**
 * Reads tokenizer.json and tokenizer_config.json of a model's folder.
 *
 * @throws UserError TOKENIZER_MISSING or TOKENIZER_CORRUPT, naming the file.
 */
export async function readTokenizerFiles(modelDir: string): Promise<TokenizerFiles> {
  return {
    tokenizer: await readJson(join(modelDir, 'tokenizer.json'), tokenizerJson),
    config: await readJson(join(modelDir, 'tokenizer_config.json'), tokenizerConfig),
  };
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      'TOKENIZER_MISSING',
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      'The model folder needs tokenizer.json and tokenizer_config.json. Where there is only a tokenizer.model, ' +
        'load the folder with AutoTokenizer in Python and call save_pretrained on it.',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw corrupt(path, 'it is not valid JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw corrupt(path, `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

export function corrupt(path: string, reason: string): UserError {
  return new UserError(
    'TOKENIZER_CORRUPT',
    `${path} is not a usable tokenizer file: ${reason}.`,
    'Copy the file from the model again, complete and unchanged.',
  );
}
