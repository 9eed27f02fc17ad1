import { expect, it } from 'vitest';
import { withoutTestedParagraphs } from '../../../../scripts/demo/corpus/without-tested-paragraphs.ts';

const test = [{ id: 'test', text: 'The software is provided as is, without warranty of any kind.' }];

it('drops the paragraphs that share eight words in a row with a test text', () => {
  const document = {
    id: 'license',
    text: 'Copy it freely.\nTHE SOFTWARE IS PROVIDED "AS IS" WITHOUT WARRANTY!\nKeep this notice.',
  };
  expect(withoutTestedParagraphs([document], test)).toEqual([
    { id: 'license', text: 'Copy it freely.\nKeep this notice.' },
  ]);
});

it('keeps what shares seven, and looks across the ends of paragraphs', () => {
  const apart = { id: 'a', text: 'It is provided as is, without warranty of most kinds.' };
  expect(withoutTestedParagraphs([apart], test)).toEqual([apart]);
  const across = { id: 'b', text: 'Note: the software is provided as\nis, without warranty.' };
  expect(withoutTestedParagraphs([across], test)).toEqual([
    { id: 'b', text: 'Note: the software is provided as' },
  ]);
});

it('drops a text of which nothing stays', () => {
  expect(withoutTestedParagraphs(test, test)).toEqual([]);
});
