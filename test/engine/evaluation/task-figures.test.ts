import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { classificationFigures } from '../../../src/engine/evaluation/classification-figures.ts';
import { pairedBootstrap } from '../../../src/engine/evaluation/paired-bootstrap.ts';
import { type RougeScores, rouge } from '../../../src/engine/evaluation/rouge.ts';
import { FIXTURES } from '../oracle-fixture.ts';

interface RougePair {
  readonly reference: string;
  readonly prediction: string;
  readonly scores: RougeScores;
}
interface Classification {
  readonly truths: string[];
  readonly predictions: string[];
  readonly figures: { readonly accuracy: number; readonly macroF1: number };
}

const readCases = (name: string) => JSON.parse(readFileSync(join(FIXTURES, 'tasks', name), 'utf8'));
const pairs: RougePair[] = readCases('rouge.json');
const classifications: Classification[] = readCases('classification.json');

describe('rouge', () => {
  it('is what rouge-score gives, on 100 pairs', () => {
    expect(pairs).toHaveLength(100);
    for (const { reference, prediction, scores } of pairs) {
      const found = rouge(reference, prediction);
      for (const kind of ['rouge1', 'rouge2', 'rougeL'] as const) {
        for (const part of ['precision', 'recall', 'f1'] as const) {
          expect(found[kind][part], `${kind} ${part}`).toBeCloseTo(scores[kind][part], 12);
        }
      }
    }
  });
});

describe('classificationFigures', () => {
  it('are what scikit-learn gives', () => {
    for (const { truths, predictions, figures } of classifications) {
      const labels = [...new Set([...predictions, ...truths])];
      const numbers = (names: readonly string[]) => names.map((name) => labels.indexOf(name));
      const found = classificationFigures(numbers(truths), numbers(predictions));
      expect(found.accuracy).toBeCloseTo(figures.accuracy, 12);
      expect(found.macroF1).toBeCloseTo(figures.macroF1, 12);
    }
  });

  it('are there for more items than a call has room for arguments', () => {
    const truths = Array.from({ length: 200_000 }, (_, i) => i % 2);
    expect(classificationFigures(truths, truths)).toEqual({ accuracy: 1, macroF1: 1 });
  });

  it('refuse no items, and a prediction too few', () => {
    expect(() => classificationFigures([], [])).toThrow(RangeError);
    expect(() => classificationFigures([0, 1], [0])).toThrow('2 truths and 1 predictions');
  });
});

describe('pairedBootstrap', () => {
  const meanOf = (values: readonly number[]) => (drawn: readonly number[]) =>
    drawn.reduce((sum, item) => sum + values[item], 0) / drawn.length;
  const compare = (first: readonly number[], second: readonly number[], seed: number) =>
    pairedBootstrap(first.length, meanOf(first), meanOf(second), seed);
  const noise = Array.from({ length: 200 }, (_, i) => (i * 7919) % 101);

  it('tells a constant gain from none, however much the items differ', () => {
    const better = noise.map((value) => value + 1);
    const found = compare(noise, better, 1);
    expect(found).toMatchObject({ distinguishable: true, items: 200, resamples: 2000, seed: 1 });
    expect(found.low).toBeCloseTo(1, 9);
    expect(found.high).toBeCloseTo(1, 9);
  });

  it('gives the interval of the normal approximation for a mean', () => {
    const first = noise.map(() => 0);
    const second = noise.map((_, i) => (i % 4 === 0 ? 1 : 0)); // mean 0.25, standard error 0.0306
    const found = compare(first, second, 1);
    expect(found.difference).toBe(0.25);
    expect(found.low).toBeCloseTo(0.25 - 1.96 * 0.0306, 1.7);
    expect(found.high).toBeCloseTo(0.25 + 1.96 * 0.0306, 1.7);
  });

  it('does not tell two models apart that win equally often', () => {
    const first = noise.map((_, i) => i % 2);
    const second = noise.map((_, i) => (i + 1) % 2);
    expect(compare(first, second, 1)).toMatchObject({ difference: 0, distinguishable: false });
  });

  it('does not tell models apart by a handful of items', () => {
    const better = (items: number) => compare(Array(items).fill(0), Array(items).fill(1), 1).distinguishable;
    expect(better(5)).toBe(false);
    expect(better(6)).toBe(true);
  });

  it('refuses no items', () => {
    expect(() => compare([], [], 1)).toThrow(RangeError);
  });

  it('gives the same interval for the same seed', () => {
    const second = [...noise].reverse();
    expect(compare(noise, second, 3)).toEqual(compare(noise, second, 3));
  });
});
