import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainBytePairEncoding } from '../../../../scripts/demo/tokenizer/train-byte-pair-encoding.ts';
import { END_OF_TEXT_ID, writeTokenizer } from '../../../../scripts/demo/tokenizer/write-tokenizer.ts';
import { openTokenizer, type Tokenizer } from '../../../../src/engine/tokenizer/open-tokenizer.ts';

describe('trainBytePairEncoding', () => {
  it('merges the most frequent pair first, and within words only', () => {
    // "ab" stands 4 times, " ab" 3 times of these, "cd" twice; a pair that occurs once is left.
    expect(trainBytePairEncoding(['ab ab ab ab', 'cd', 'cd', 'x y'], 9)).toEqual([
      ['a', 'b'],
      ['Ġ', 'ab'],
      ['c', 'd'],
    ]);
  });

  it('takes of equally frequent pairs the first in order', () => {
    expect(trainBytePairEncoding(['zz', 'zz', 'yy', 'yy'], 1)).toEqual([['y', 'y']]);
  });

  it('counts overlapping pairs as they are merged', () => {
    expect(trainBytePairEncoding(['aaaa', 'aaaa'], 3)).toEqual([
      ['a', 'a'],
      ['aa', 'aa'],
    ]);
  });
});

describe('the tokenizer that is written', () => {
  const merges = trainBytePairEncoding(['the cat sat on the mat', 'the hat that the cat sat on'], 8);
  let folder: string;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dpruner-test-'));
    await writeTokenizer(folder, merges, 64);
    tokenizer = await openTokenizer(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    'the cat',
    'Any other text, with 12 numbers;\n\nnew lines\tand  blanks ',
    'Zażółć gęślą jaźń – 漢字 🙂',
    ' ',
  ])('gives %j back', (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it('uses its merges, adds no special token and knows the end of a text', () => {
    expect(tokenizer.encode('the cat').length).toBeLessThan(4);
    expect([...tokenizer.encode('<|endoftext|>')]).toEqual([END_OF_TEXT_ID]);
    expect(tokenizer.eosTokenId).toBe(END_OF_TEXT_ID);
    expect(tokenizer.vocabSize).toBe(1 + 256 + 8);
  });
});
