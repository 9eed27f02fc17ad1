import { describe, expect, it } from 'vitest';
import { regressionsOf, severityOf } from '../../../renderer/results/regressions.ts';
import type { TextResult } from '../../../src/contract/result.ts';
import type { TaskResult } from '../../../src/contract/task.ts';

type Change = NonNullable<TextResult['pruned']>['change'];

const text = (dense: number, pruned: number | null, change: Change = null): TextResult => {
  const figure = (perplexity: number) => ({
    ...{ perplexity, meanNll: Math.log(perplexity), scoredTokens: 2048, windows: 8 },
  });
  return {
    ...{ name: 'Legal', role: 'domain', file: '/a.txt', sha256: '0', window: 256, stride: 256 },
    ...{ maxTokens: null, backend: 'tensorflow', dense: figure(dense) },
    pruned: pruned === null ? null : { ...figure(pruned), change },
  };
};

const task = (better: 'higher' | 'lower', value: number, distinguishable: boolean): TaskResult => {
  const estimate = { value: 0.5, low: 0.4, high: 0.6 };
  const difference = { value, low: value - 0.01, high: value + 0.01, distinguishable };
  const pruned = { ...estimate, level: null, difference };
  return {
    ...{
      name: 'CaseHOLD',
      task: 'casehold',
      title: 'CaseHOLD',
      files: [],
      items: 200,
      ofItems: 3600,
      seed: 0,
    },
    ...{ contextLength: 256, stride: null, maxTokens: null, truncated: 0, backend: 'tensorflow' },
    figures: [{ name: 'accuracy', better, chance: null, dense: estimate, pruned }],
  };
};

describe('a perplexity', () => {
  const certain = { value: 0.1, low: 0.08, high: 0.12, distinguishable: true };
  it.each([
    ['that rose, and not by chance', text(30, 33, certain), 'worse'],
    [
      'that rose by what another passage would',
      text(30, 30.1, { ...certain, low: -0.1, distinguishable: false }),
      'none',
    ],
    ['that fell', text(30, 27, { ...certain, value: -0.1, low: -0.12, high: -0.08 }), 'none'],
    ['of more than twice the original’s, whatever its interval', text(30, 90), 'grave'],
    ['that is not measured yet', text(30, null), 'none'],
  ] as const)('%s', (_, result, severity) => expect(severityOf(result)).toBe(severity));
});

describe('what got worse', () => {
  it('is named with its size, texts first', () => {
    const texts = [text(30, 33, { value: 0.1, low: 0.08, high: 0.12, distinguishable: true })];
    expect(regressionsOf(texts, [task('higher', -0.041, true)])).toEqual([
      'Perplexity of Legal (+10\u00a0%)',
      'Accuracy of CaseHOLD (−0.041)',
    ]);
  });

  it('is nothing where chance may have done it, or it got better', () => {
    expect(regressionsOf([], [task('higher', -0.04, false), task('higher', 0.04, true)])).toEqual([]);
  });

  it('knows figures of which less is better', () => {
    expect(regressionsOf([], [task('lower', 0.5, true)])).toHaveLength(1);
  });
});
