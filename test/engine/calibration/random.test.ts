import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from '../../../src/engine/calibration/random.ts';

describe('seededRandom', () => {
  const draw = (seed: number, label: string, bound: number, count: number) => {
    const random = seededRandom(seed, label);
    return Array.from({ length: count }, () => random.below(bound));
  };

  it('is decided by the seed and the label', () => {
    expect(draw(1, 'a', 1000, 20)).toEqual(draw(1, 'a', 1000, 20));
    expect(draw(1, 'a', 1000, 20)).not.toEqual(draw(2, 'a', 1000, 20));
    expect(draw(1, 'a', 1000, 20)).not.toEqual(draw(1, 'b', 1000, 20));
  });

  it('gives the numbers of another implementation of xoshiro128**', () => {
    expect(draw(0, 'label', 2 ** 32, 4)).toEqual([2201853638, 2307665352, 2248488262, 146634940]);
  });

  it('gives each number equally often', () => {
    const counts = new Array<number>(6).fill(0);
    for (const value of draw(7, 'dice', 6, 60_000)) counts[value] = (counts[value] ?? 0) + 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
  });
});

describe('shuffled', () => {
  it('keeps every item once and leaves its argument alone', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const result = shuffled(items, seededRandom(3, 'x'));
    expect(result).not.toEqual(items);
    expect([...result].sort((a, b) => a - b)).toEqual(items);
    expect(items[0]).toBe(0);
  });

  it('gives each order equally often', () => {
    const random = seededRandom(5, 'orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
