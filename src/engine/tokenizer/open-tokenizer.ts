import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { UserError } from '../../contract/error.ts';
import { portablePreTokenizer } from './pre-tokenizer.ts';
import {
  corrupt,
  type JsonObject,
  readTokenizerFiles,
  type TokenizerConfig,
  type TokenizerFiles,
} from './tokenizer-files.ts';

/** What is used of the library (its own declarations do not resolve under Node's module rules). */
interface Library {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  get_vocab(): Map<string, number>;
}

/** Text to token ids and back, as the model's own tokenizer does it. */
export interface Tokenizer {
  /** With the special tokens that transformers' `tokenizer(text)["input_ids"]` adds. */
  encode(text: string): Int32Array<ArrayBuffer>;
  /** The text alone (`add_special_tokens=False`). */
  encodePlain(text: string): Int32Array<ArrayBuffer>;
  /** Special tokens are kept. */
  decode(ids: ArrayLike<number>): string;
  readonly bosTokenId: number | null;
  readonly eosTokenId: number | null;
  /** The highest token id plus one. */
  readonly vocabSize: number;
}

/**
 * Opens the tokenizer of a model's folder: tokenizer.json as it is written, and of tokenizer_config.json the
 * special tokens and whether they are added.
 *
 * transformers 5 rebuilds a `LlamaTokenizer` instead of following its tokenizer.json, and then gives other ids to a
 * text that begins with a blank or holds special tokens or SentencePiece's own blank sign. Such texts are taken here as
 * the file says, which is also what transformers 4 does.
 *
 * @throws UserError TOKENIZER_MISSING, TOKENIZER_CORRUPT or TOKENIZER_UNSUPPORTED.
 */
export async function openTokenizer(modelDir: string): Promise<Tokenizer> {
  const files = await readTokenizerFiles(modelDir);
  const path = join(modelDir, 'tokenizer.json');
  const library = construct(files, path);
  const idOf = (token: string | null | undefined): number | null =>
    (token == null ? undefined : library.token_to_id(token)) ?? null;

  const encode = (text: string, addSpecialTokens: boolean): Int32Array<ArrayBuffer> => {
    // An unpaired surrogate has no UTF-8 form; it becomes U+FFFD for every kind of tokenizer alike.
    const { ids } = library.encode(text.toWellFormed(), { add_special_tokens: addSpecialTokens });
    if (ids.every(Number.isInteger)) return Int32Array.from(ids);
    throw corrupt(path, 'it yields a token that has no id');
  };

  return {
    encode: (text) => encode(text, true),
    encodePlain: (text) => encode(text, false),
    decode: (ids) =>
      ids.length === 0
        ? ''
        : library.decode(Array.from(ids), {
            clean_up_tokenization_spaces: files.config.clean_up_tokenization_spaces ?? false,
          }),
    bosTokenId: idOf(files.config.bos_token),
    eosTokenId: idOf(files.config.eos_token),
    vocabSize: highest(library.get_vocab().values()) + 1,
  };
}

function highest(ids: Iterable<number>): number {
  let result = -1;
  for (const id of ids) if (id > result) result = id;
  return result;
}

function construct({ tokenizer, config }: TokenizerFiles, path: string): Library {
  try {
    const portable = {
      ...tokenizer,
      pre_tokenizer: portablePreTokenizer(tokenizer),
      post_processor: specialTokenTemplate(config) ?? tokenizer.post_processor,
    };
    return new HuggingFaceTokenizer(portable, config);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw corrupt(path, error instanceof Error ? error.message : String(error));
  }
}

/** What add_bos_token and add_eos_token say, where they are given: they take the place of the post-processor. */
function specialTokenTemplate(config: TokenizerConfig): JsonObject | null {
  const { bos_token: bos, eos_token: eos, add_bos_token: addBos, add_eos_token: addEos } = config;
  if (addBos == null && addEos == null) return null;
  const special = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
  const single = [
    ...(addBos && bos ? [special(bos)] : []),
    { Sequence: { id: 'A', type_id: 0 } },
    ...(addEos && eos ? [special(eos)] : []),
  ];
  return { type: 'TemplateProcessing', single, pair: single, special_tokens: {} };
}
