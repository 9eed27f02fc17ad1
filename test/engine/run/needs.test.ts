import { describe, expect, it } from 'vitest';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import { needsCalibration, needsOf } from '../../../src/engine/run/needs.ts';

const needs = (settings: Partial<PruneSettings>, dump = false) =>
  needsOf(pruneSettings.parse(settings), dump);

describe('needsOf', () => {
  it('computes no more than the criterion takes', () => {
    const plain = { mixed: false, exact: false, layerwise: false, outliers: false };
    const [both, fisher] = [{ domain: true, open: true }, ['fisher']];
    expect(needs({})).toEqual({ ...plain, ...both, general: true, statistics: fisher });
    expect(needs({ criterion: 'general' })).toEqual({
      ...{ ...plain, general: true, statistics: [] },
      ...{ domain: false, open: true },
    });
    expect(needs({ criterion: 'domain' })).toEqual({
      ...{ ...plain, general: false, statistics: fisher },
      ...{ domain: true, open: false },
    });
  });

  it('reads for the other methods what they are calibrated on', () => {
    const none = { general: false, mixed: false, statistics: [], exact: false };
    const mix = { ...none, layerwise: true, outliers: false, domain: true, open: true };
    expect(needs({ method: 'wanda' })).toEqual(mix);
    expect(needs({ method: 'sparsegpt', criterion: 'paper' })).toEqual(mix);
    expect(needs({ method: 'magnitude', compensate: true })).toEqual(mix);
    expect(needs({ method: 'wanda', calibrateOn: 'open' })).toEqual({ ...mix, domain: false });
    expect(needs({ method: 'sparsegpt', calibrateOn: 'domain' })).toEqual({ ...mix, open: false });
    expect(needs({ criterion: 'general', compensate: true })).toMatchObject({
      ...{ general: true, statistics: [], layerwise: true, domain: true, open: true },
    });
    expect(needs({ allocation: 'owl' })).toMatchObject({ outliers: false, layerwise: false });
    expect(needs({ method: 'magnitude', allocation: 'owl' })).toMatchObject({
      ...{ outliers: true, layerwise: false, domain: true, open: true },
    });
    expect(needsCalibration(pruneSettings.parse({ method: 'magnitude' }))).toBe(false);
  });

  it('takes the paper’s without G where there is no regulariser', () => {
    expect(needs({ criterion: 'paper' })).toMatchObject({ general: true, exact: true });
    expect(needs({ criterion: 'paper', regularizer: false })).toMatchObject({ general: false, exact: true });
    expect(needs({ criterion: 'paper', aggregation: 'mean-gradient' }).statistics).toEqual([
      'fisher',
      'gradient',
    ]);
  });

  it('takes for the balanced criterion both texts through both passes', () => {
    expect(needs({ criterion: 'balanced' })).toMatchObject({
      ...{ general: true, mixed: true, statistics: ['fisher'], exact: false, domain: true, open: true },
    });
    expect(needs({ method: 'wanda', criterion: 'balanced' }).mixed).toBe(false);
  });

  it('computes everything that is dumped', () => {
    const dumped = needs({ criterion: 'general' }, true);
    expect(dumped).toMatchObject({ general: true, exact: true });
    expect([...dumped.statistics].sort()).toEqual(['fisher', 'gradient', 'gradientAbs']);
  });
});
