import { describe, expect, it } from 'vitest';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import { needsOf } from '../../../src/engine/run/needs.ts';

const needs = (settings: Partial<PruneSettings>, dump = false) =>
  needsOf(pruneSettings.parse(settings), dump);

describe('needsOf', () => {
  it('computes no more than the criterion takes', () => {
    expect(needs({})).toEqual({ general: true, statistics: ['fisher'], exact: false });
    expect(needs({ criterion: 'general' })).toEqual({ general: true, statistics: [], exact: false });
    expect(needs({ criterion: 'domain' })).toEqual({ general: false, statistics: ['fisher'], exact: false });
  });

  it('takes the paper’s without G where there is no regulariser', () => {
    expect(needs({ criterion: 'paper' })).toMatchObject({ general: true, exact: true });
    expect(needs({ criterion: 'paper', regularizer: false })).toMatchObject({ general: false, exact: true });
    expect(needs({ criterion: 'paper', aggregation: 'mean-gradient' }).statistics).toEqual([
      'fisher',
      'gradient',
    ]);
  });

  it('computes everything that is dumped', () => {
    const dumped = needs({ criterion: 'general' }, true);
    expect(dumped).toMatchObject({ general: true, exact: true });
    expect([...dumped.statistics].sort()).toEqual(['fisher', 'gradient', 'gradientAbs']);
  });
});
