import { describe, expect, it } from 'vitest';
import { nearDuplicateFamilies } from '../../../../scripts/demo/corpus/near-duplicate-families.ts';
import { splitDocuments } from '../../../../scripts/demo/corpus/split-documents.ts';
import { seededRandom } from '../../../../src/engine/calibration/random.ts';

/** A text of its own words. */
const text = (name: string, words: number) =>
  Array.from({ length: words }, (_, i) => `${name}${i}`).join(' ');

describe('nearDuplicateFamilies', () => {
  it('joins variants, also through a third text, whatever their case and punctuation', () => {
    const [a, b] = [text('a', 40), text('b', 40)];
    const families = nearDuplicateFamilies([
      { id: 'a', text: a },
      { id: 'other', text: text('c', 40) },
      { id: 'a and b', text: `${a}\n${b}` },
      { id: 'b', text: b.toUpperCase().replaceAll(' ', ', ') },
    ]);
    expect(families.map((family) => family.map(({ id }) => id))).toEqual([['a', 'a and b', 'b'], ['other']]);
  });

  it('keeps texts apart that share a phrase', () => {
    const phrase = text('phrase', 12);
    const families = nearDuplicateFamilies([
      { id: 'a', text: `${text('a', 60)} ${phrase}` },
      { id: 'b', text: `${phrase} ${text('b', 60)}` },
    ]);
    expect(families).toHaveLength(2);
  });
});

describe('splitDocuments', () => {
  const documents = Array.from({ length: 60 }, (_, i) => ({
    id: `${i}`,
    text: `${text(`w${i % 40}x`, 40)}\nA paragraph that many have.`,
  }));
  const split = splitDocuments(documents, 3000, 2000, seededRandom(3, 'split'));

  it('keeps families on one side', () => {
    const families = [split.train, split.heldOut, split.test].map(
      (part) => new Set(part.map(({ id }) => Number(id) % 40)),
    );
    expect(families.reduce((total, { size }) => total + size, 0)).toBe(40);
    expect(new Set(families.flatMap((numbers) => [...numbers])).size).toBe(40);
  });

  it('holds out about the characters wanted, one text a family', () => {
    const characters = (part: readonly { text: string }[]) =>
      part.reduce((sum, each) => sum + each.text.length, 0);
    expect(characters(split.test)).toBeGreaterThanOrEqual(2000);
    expect(characters(split.test)).toBeLessThan(2500);
    expect(characters(split.heldOut)).toBeGreaterThanOrEqual(3000);
    expect(new Set(split.test.map(({ id }) => Number(id) % 40)).size).toBe(split.test.length);
  });

  it('trains on a repeated paragraph once', () => {
    const paragraphs = split.train.flatMap((document) => document.text.split('\n'));
    expect(new Set(paragraphs).size).toBe(paragraphs.length);
  });
});
