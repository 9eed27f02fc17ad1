import { describe, expect, it } from 'vitest';
import { maskLowest, zerosIn } from '../../../src/engine/pruning/mask.ts';
import { PATTERNS, pruneByPattern } from '../../../src/engine/pruning/n-m.ts';
import { randomValues } from '../random-values.ts';

describe('N:M patterns', () => {
  it('keep N of each M consecutive weights of a row: the highest', () => {
    const keys = Float32Array.of(4, 1, 3, 2, 9, 8, 7, 6, -Infinity, 0, -1, 5, 5, 5, 5, 5);
    expect([...pruneByPattern(keys, 8, PATTERNS['2:4'])]).toEqual(
      [
        [0, 1, 0, 1, 0, 0, 1, 1],
        [1, 0, 1, 0, 1, 1, 0, 0],
      ].flat(),
    );
    expect([...pruneByPattern(keys, 8, PATTERNS['4:8'])]).toEqual(
      [
        [1, 1, 1, 1, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0, 0],
      ].flat(),
    );
  });

  it.each(['2:4', '4:8'] as const)('%s: exactly so many go in every group', (name) => {
    const { kept, group } = PATTERNS[name];
    const keys = Float32Array.from(randomValues(24 * 32, 3), (value) => Math.round(10 * value)); // with ties
    const pruned = pruneByPattern(keys, 32, PATTERNS[name]);
    for (let start = 0; start < pruned.length; start += group) {
      const zeros = pruned.subarray(start, start + group).reduce((sum, flag) => sum + flag, 0);
      expect(zeros).toBe(group - kept);
    }
    const mask = maskLowest(keys, 24, 32, { sparsity: 0.5, blockColumns: null, pattern: PATTERNS[name] });
    expect(zerosIn(mask)).toBe((24 * 32 * (group - kept)) / group);
  });
});
