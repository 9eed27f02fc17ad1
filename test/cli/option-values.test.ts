import { describe, expect, it } from 'vitest';
import { namedFiles, numberOrText } from '../../src/cli/option-values.ts';

describe('numberOrText', () => {
  it('keeps what is not a number as it was given', () => {
    expect(numberOrText('0.5')).toBe(0.5);
    expect(numberOrText('1e-3')).toBe(0.001);
    expect(['half', '', ' ', 'Infinity', '1,5'].map(numberOrText)).toEqual([
      'half',
      '',
      ' ',
      'Infinity',
      '1,5',
    ]);
  });
});

describe('namedFiles', () => {
  it('collects the files of each name in order; a file may have a = in its name', () => {
    expect(namedFiles(['a=1.jsonl', 'b=x=y.csv', 'a=2.jsonl'])).toEqual(
      new Map([
        ['a', ['1.jsonl', '2.jsonl']],
        ['b', ['x=y.csv']],
      ]),
    );
  });

  it.each(['legal.jsonl', '=legal.jsonl', 'casehold='])('refuses %s', (pair) => {
    expect(() => namedFiles([pair])).toThrow(`--data takes NAME=FILE, but "${pair}" was found.`);
  });
});
