import { describe, expect, it } from 'vitest';
import { readPoints } from '../../../renderer/experiments/read-points.ts';

const valuesOf = (...question: Parameters<typeof readPoints>) => readPoints(...question).values;

describe('the points of a sweep, as they are typed', () => {
  it('are percent where a person thinks in percent, and fractions for the engine', () => {
    expect(valuesOf('sparsity', '28, 50 %;70', 1)).toEqual(['0.28', '0.5', '0.7']);
    expect(valuesOf('open-to-domain', '25', 1)).toEqual(['0.25']);
  });

  it('are numbers, whole numbers or shares elsewhere', () => {
    expect(valuesOf('mu', '0 0.5 1', 1)).toEqual(['0', '0.5', '1']);
    expect(valuesOf('lambda', '1e-3', 1)).toEqual(['0.001']);
    expect(valuesOf('calibration-size', '100,200', 1)).toEqual(['100', '200']);
    expect(valuesOf('seeds', '0,7', 1)).toEqual(['0', '7']);
    expect(valuesOf('methods', 'Wanda, d-pruner+compensate', 1)).toEqual(['wanda', 'd-pruner+compensate']);
    expect(valuesOf('mix', '20/60/20, 0/50/50', 3)).toEqual(['20/60/20', '0/50/50']);
  });

  it('are the usual ones where none are given', () => {
    expect(readPoints('sparsity', ' , ', 1)).toEqual({ values: null, fault: null });
  });

  it.each([
    ['sparsity', '0', 1, '“0” is no percentage between 0 and 100.'],
    ['sparsity', '50, much', 1, '“much” is no percentage between 0 and 100.'],
    ['methods', 'magic', 1, expect.stringMatching(/^“magic” is no method: magnitude, wanda, /)],
    ['mu', '1.1', 1, '“1.1” is no number from 0 to 1.'],
    ['lambda', '-1', 1, '“-1” is no number from 0 on.'],
    ['calibration-size', '2.5', 1, '“2.5” is no whole number above 0.'],
    ['seeds', '-1', 1, '“-1” is no whole number from 0 on.'],
    ['mix', '50/50', 3, '“50/50” has not a share for each of the 3 parts, such as 33/33/33.'],
    ['mix', '0/0', 2, '“0/0” has not a share for each of the 2 parts, such as 50/50.'],
    ['seeds', Array.from({ length: 51 }, (_, i) => i).join(), 1, 'At most 50 points.'],
  ] as const)('%s: %s is refused', (sweep, text, parts, fault) => {
    expect(readPoints(sweep, text, parts)).toEqual({ values: null, fault });
  });
});
