import { describe, expect, it } from 'vitest';
import { cutStem, tokenizeChoice } from '../../../../src/engine/evaluation/tasks/tokenized-choices.ts';
import type { Tokenizer } from '../../../../src/engine/tokenizer/open-tokenizer.ts';

const BOS = 1;

/** A letter a token behind the begin token, but "ab" is one. */
function encode(text: string): Int32Array<ArrayBuffer> {
  const pieces = text.match(/ab|./gs) ?? [];
  return Int32Array.from([BOS, ...pieces.map((piece) => (piece === 'ab' ? 200 : piece.charCodeAt(0)))]);
}
const tokenizer = { encode, bosTokenId: BOS } as unknown as Tokenizer;
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

describe('tokenizeChoice', () => {
  const item = { from: 'a file', truth: 0, classes: [0, 1] };

  it('parts the prompt, which the options share, from each option', () => {
    const { stem, options } = tokenizeChoice(tokenizer, { ...item, prompt: 'xy', options: ['cd', 'e'] });
    expect([...stem]).toEqual([BOS, ...letters('xy')]);
    expect(options.map((ids) => [...ids])).toEqual([letters('cd'), letters('e')]);
  });

  it('scores all options from where one is joined with the end of the prompt', () => {
    const { stem, options } = tokenizeChoice(tokenizer, { ...item, prompt: 'xa', options: ['bc', 'd'] });
    expect([...stem]).toEqual([BOS, ...letters('x')]);
    expect(options.map((ids) => [...ids])).toEqual([[200, ...letters('c')], letters('ad')]);
  });

  it('leaves each option a token, also where one is nothing', () => {
    const { options } = tokenizeChoice(tokenizer, { ...item, prompt: 'xy', options: ['', 'z'] });
    expect(options.map((ids) => [...ids])).toEqual([letters('y'), letters('yz')]);
  });
});

describe('cutStem', () => {
  const stem = Int32Array.from([BOS, 10, 11, 12, 13]);

  it('leaves what fits as it is', () => {
    expect(cutStem(stem, 5, BOS)).toBe(stem);
  });

  it('keeps the end, and the token that begins every text', () => {
    expect([...cutStem(stem, 3, BOS)]).toEqual([BOS, 12, 13]);
    expect([...cutStem(stem, 3, null)]).toEqual([11, 12, 13]);
  });
});
