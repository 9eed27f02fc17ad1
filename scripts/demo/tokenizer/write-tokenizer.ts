import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BYTE_CHARACTERS } from './byte-alphabet.ts';
import type { Merge } from './train-byte-pair-encoding.ts';

export const END_OF_TEXT = '<|endoftext|>';
export const END_OF_TEXT_ID = 0;

/** The vocabulary: the end of text, the 256 bytes, then one token a merge. */
export const vocabularySize = (merges: readonly Merge[]): number =>
  1 + BYTE_CHARACTERS.length + merges.length;

/** Writes tokenizer.json and tokenizer_config.json as transformers reads them. No special token is added to a text. */
export async function writeTokenizer(modelDir: string, merges: readonly Merge[], contextLength: number) {
  await writeJson(join(modelDir, 'tokenizer.json'), tokenizerJson(merges));
  await writeJson(join(modelDir, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: END_OF_TEXT,
    eos_token: END_OF_TEXT,
    add_bos_token: false,
    add_eos_token: false,
    clean_up_tokenization_spaces: false,
    model_max_length: contextLength,
  });
}

function tokenizerJson(merges: readonly Merge[]): unknown {
  const tokens = [END_OF_TEXT, ...BYTE_CHARACTERS, ...merges.map(([left, right]) => left + right)];
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: END_OF_TEXT_ID,
        content: END_OF_TEXT,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

const writeJson = (path: string, json: unknown) => writeFile(path, `${JSON.stringify(json, null, 1)}\n`);
