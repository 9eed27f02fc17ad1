import { describe, expect, it } from 'vitest';
import type { TaskResult } from '../../src/contract/task.ts';
import { describeDifference } from '../../src/contract/task-words.ts';

type Figure = TaskResult['figures'][number];

const figure = (better: Figure['better'], value: number, distinguishable: boolean): Figure => ({
  name: 'accuracy',
  better,
  chance: null,
  dense: { value: 0.5, low: 0.4, high: 0.6 },
  pruned: {
    ...{ value: 0.5 + value, low: 0.4, high: 0.6, level: null },
    difference: { value, low: value - 0.1, high: value + 0.1, distinguishable },
  },
});

describe('describeDifference', () => {
  it.each([
    [figure('higher', 0.2, true), 'pruned is better'],
    [figure('higher', -0.2, true), 'pruned is worse'],
    [figure('lower', 0.2, true), 'pruned is worse'],
    [figure('lower', -0.2, true), 'pruned is better'],
    [figure('higher', -0.05, false), 'not distinguishable'],
    [{ ...figure('higher', 0, false), pruned: null }, 'not measured'],
  ])('says what the interval says (%#)', (given, words) => {
    expect(describeDifference(given)).toBe(words);
  });
});
