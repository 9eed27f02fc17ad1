import { describe, expect, it } from 'vitest';
import { mixOfShares, moveShare } from '../../../renderer/wizard/mix.ts';

const sum = (mix: Readonly<Record<string, number>>) => Object.values(mix).reduce((a, b) => a + b, 0);

describe('the mix', () => {
  it('of shares that do not come out even is whole percents that add up to 100', () => {
    const third = 1 / 3;
    const mix = mixOfShares([
      { name: 'a', share: third },
      { name: 'b', share: third },
      { name: 'c', share: third },
    ]);
    expect(mix).toEqual({ a: 34, b: 33, c: 33 });
  });

  it('gives one part more; the others keep their proportions', () => {
    expect(moveShare({ a: 20, b: 60, c: 20 }, 'a', 60)).toEqual({ a: 60, b: 30, c: 10 });
  });

  it('shares what is left out evenly where the others had nothing', () => {
    expect(moveShare({ a: 100, b: 0, c: 0 }, 'a', 40)).toEqual({ a: 40, b: 30, c: 30 });
  });

  it('of one part stays at 100', () => {
    expect(moveShare({ a: 100 }, 'a', 10)).toEqual({ a: 100 });
  });

  it('adds up to 100 wherever a slider is put', () => {
    let mix: Readonly<Record<string, number>> = { a: 20, b: 60, c: 19, d: 1 };
    for (const [name, percent] of [
      ['a', 33],
      ['c', 0],
      ['d', 99],
      ['b', 7],
      ['a', 100],
      ['c', 51],
    ] as const) {
      mix = moveShare(mix, name, percent);
      expect(mix[name]).toBe(percent);
      expect(sum(mix)).toBe(100);
    }
  });
});
