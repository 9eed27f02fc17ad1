import { describe, expect, it } from 'vitest';
import { planOf } from '../../../src/engine/streaming/plan.ts';
import { tinyConfig } from '../model/tiny-config.ts';

describe('planOf', () => {
  const packTokens = (hiddenSize: number, intermediateSize: number) =>
    planOf(tinyConfig({ hiddenSize, intermediateSize })).packTokens;

  it('takes fewer tokens at a time through wider layers', () => {
    expect(packTokens(32, 88)).toBe(4096);
    expect(packTokens(576, 1536)).toBeGreaterThan(packTokens(2048, 5632));
    expect(packTokens(4096, 11008)).toBe(512);
    expect(packTokens(8192, 28672)).toBe(512);
  });

  it('is the same for the same model', () => {
    expect(planOf(tinyConfig())).toEqual(planOf(tinyConfig()));
  });
});
