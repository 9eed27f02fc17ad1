import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz .,:?\n';
const SPECIAL = ['<unk>', '<s>', '</s>'];

/** Gives a folder a tokenizer of one letter a token, ids below 48; every other character is unknown. */
export async function writeLetterTokenizer(dir: string): Promise<void> {
  const vocab = Object.fromEntries([...SPECIAL, ...LETTERS].map((token, id) => [token, id]));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({
      ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    })),
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: { type: 'BPE', vocab, merges: [], unk_token: '<unk>' },
  };
  await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(tokenizer));
  const special = { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' };
  await writeFile(
    join(dir, 'tokenizer_config.json'),
    JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', ...special }),
  );
}

/** The ids of a text under that tokenizer. */
export const lettersToIds = (text: string): number[] =>
  [...text].map((letter) => (LETTERS.includes(letter) ? SPECIAL.length + LETTERS.indexOf(letter) : 0));
