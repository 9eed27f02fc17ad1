import { describe, expect, it } from 'vitest';
import { perplexityChange } from '../../../src/engine/evaluation/perplexity-change.ts';

/** Windows of 100 tokens, each as hard as its number says. */
const windows = (nlls: readonly number[]) => nlls.map((nll) => ({ nll: 100 * nll, tokens: 100 }));
const hardness = Array.from({ length: 40 }, (_, i) => 2 + ((i * 7919) % 23) / 10);

describe('the change of a perplexity', () => {
  it('is that of the perplexities over all windows', () => {
    const after = hardness.map((nll, i) => nll + 0.1 + (i % 2 === 0 ? 0.02 : -0.02));
    const change = perplexityChange(windows(hardness), windows(after));
    expect(change.value).toBeCloseTo(Math.exp(0.1) - 1, 6);
    expect(change.low).toBeLessThan(change.value);
    expect(change.high).toBeGreaterThan(change.value);
    expect(change.distinguishable).toBe(true);
  });

  it('has no wider an interval because passages differ: the same ones are drawn for both', () => {
    const change = perplexityChange(windows(hardness), windows(hardness.map((nll) => nll + 0.1)));
    expect(change.high - change.low).toBeLessThan(1e-9);
  });

  it('is not distinguishable where windows disagree, or there are few', () => {
    const tossed = hardness.map((nll, i) => nll + (i % 2 === 0 ? 0.3 : -0.29));
    expect(perplexityChange(windows(hardness), windows(tossed)).distinguishable).toBe(false);
    const few = hardness.slice(0, 5);
    expect(perplexityChange(windows(few), windows(few.map((nll) => nll + 0.1))).distinguishable).toBe(false);
  });

  it('is the same whenever it is computed', () => {
    const after = windows(hardness.map((nll, i) => nll + (i % 3) / 10));
    expect(perplexityChange(windows(hardness), after)).toEqual(perplexityChange(windows(hardness), after));
  });
});
