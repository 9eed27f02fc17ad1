import { describe, expect, it } from 'vitest';
import { logTicks, tickText } from '../../../renderer/experiments/log-ticks.ts';

describe('ticks of a logarithmic axis', () => {
  it('are round numbers around the values, as many as there is room for', () => {
    expect(logTicks(0.3, 40)).toEqual([0.2, 0.5, 1, 2, 5, 10, 20, 50]);
    expect(logTicks(1e-6, 1e-2)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2]);
    const narrow = logTicks(1.01, 1.7);
    expect(narrow[0]).toBeLessThanOrEqual(1.01);
    expect(narrow.at(-1)).toBeGreaterThanOrEqual(1.7);
    expect(narrow.length).toBeGreaterThan(2);
    const wide = logTicks(1e-20, 1);
    expect(wide.length).toBeLessThan(10);
    expect(wide.at(-1)).toBeGreaterThanOrEqual(1);
  });

  it('are written as short as they can be', () => {
    expect([0.5, 20, 1e-9, 0].map(tickText)).toEqual(['0.5', '20', '1e-9', '0']);
  });
});
