import { describe, expect, it } from 'vitest';
import { type PruneSettings, pruneSettings } from '../../../src/contract/settings.ts';
import { cheapestChange } from '../../../src/engine/planning/cheapest-change.ts';
import { type Machine, planRun } from '../../../src/engine/planning/plan-run.ts';
import { totalBytes } from '../../../src/engine/planning/share.ts';
import { textSizes } from '../../../src/engine/planning/token-counts.ts';
import { needsOf } from '../../../src/engine/run/needs.ts';
import { tinyConfig } from '../model/tiny-config.ts';

const GIB = 2 ** 30;
/** LLaMA-2-7B's shapes. */
const sevenB = (numHiddenLayers = 32) =>
  tinyConfig({
    hiddenSize: 4096,
    intermediateSize: 11008,
    numHiddenLayers,
    numAttentionHeads: 32,
    numKeyValueHeads: 32,
    headDim: 128,
    vocabSize: 32000,
  });
const large: Machine = {
  memoryFreeBytes: 1000 * GIB,
  deviceFreeBytes: null,
  scratchFreeBytes: 1000 * GIB,
  outFreeBytes: 1000 * GIB,
  isOneDisk: false,
};
const planOf7B = (given: Partial<PruneSettings> = {}, machine: Partial<Machine> = {}, layers = 32) => {
  const settings = pruneSettings.parse(given);
  return planRun({
    config: sevenB(layers),
    settings,
    texts: textSizes(settings, needsOf(settings, false)),
    weightBytes: 13 * GIB,
    programBytes: 0.3 * GIB,
    isComposed: false,
    machine: { ...large, ...machine },
  });
};

describe('the plan of a run', () => {
  it('needs as much memory for 2 layers as for 80, and for 100 samples as for 10,000', () => {
    const { neededBytes } = planOf7B({}, {}, 32).memory;
    const ratio = (other: { memory: { neededBytes: number } }) => other.memory.neededBytes / neededBytes;
    expect(ratio(planOf7B({}, {}, 2))).toBeCloseTo(1, 1);
    expect(ratio(planOf7B({}, {}, 80))).toBeCloseTo(1, 1);
    expect(ratio(planOf7B({ samples: 10_000 }))).toBeCloseTo(1, 1);
    expect(neededBytes).toBeLessThan(8 * GIB);
  });

  it('says what the peak is made of', () => {
    const { memory, scratch, output, fits } = planOf7B();
    expect(fits).toBe(true);
    for (const { parts, neededBytes } of [memory, scratch, output]) {
      expect(Math.abs(totalBytes(parts) - neededBytes)).toBeLessThan(2);
      for (const { name, bytes } of parts) expect([name, bytes > 0]).toEqual([expect.any(String), true]);
    }
    expect(memory.parts.map(({ name }) => name)).toContain('One decoder layer in float32');
    const codes = 202_375_168 * 2;
    const pairsOfInputs = (3 * 4096 * 4097) / 2 + (11008 * 11009) / 2;
    expect(scratch.parts).toContainEqual({ name: 'Scores', bytes: 32 * 2 * (codes + pairsOfInputs) });
    expect(output.parts).toEqual([{ name: 'Pruned model', bytes: 13 * GIB }]);
  });

  it('keeps fewer boundaries where the disk is short, and none of its choices touch the memory', () => {
    const wide = planOf7B();
    const narrow = planOf7B({}, { scratchFreeBytes: 90 * GIB });
    expect(wide.spill.domain).toMatchObject({ format: 'bfloat16', keepEvery: 1 });
    expect(narrow.spill.domain.format).toBe('bfloat16');
    expect(narrow.spill.domain.keepEvery).toBeGreaterThan(1);
    expect(narrow.fits).toBe(true);
    expect(narrow.memory.neededBytes).toBe(wide.memory.neededBytes);
  });

  it('keeps the boundaries of both texts where they go up together', () => {
    const [dual, balanced] = [planOf7B(), planOf7B({ criterion: 'balanced' })];
    expect(balanced.spill.bytes).toBe(balanced.spill.open.bytes + balanced.spill.domain.bytes);
    expect(balanced.spill.domain).toEqual(dual.spill.domain);
    const stages = balanced.stages.map(({ stage }) => stage);
    expect(stages).toEqual(['general', 'open-backward', 'backward', 'verify']);
    expect(balanced.memory.neededBytes).toBeLessThan(8 * GIB);
  });

  it('counts the disk for both folders where they share it', () => {
    const { scratch, output } = planOf7B({}, { isOneDisk: true });
    expect(scratch.neededBytes).toBe(output.neededBytes);
    expect(scratch.parts.map(({ name }) => name)).toContain('Pruned model');
  });

  it('tells the device’s memory from the machine’s where they are two', () => {
    const { memory, device } = planOf7B({}, { deviceFreeBytes: 8 * GIB });
    const names = (parts: readonly { name: string }[] = []) => parts.map(({ name }) => name);
    expect(names(device?.parts)).toContain('One decoder layer in float32');
    expect(names(memory.parts)).not.toContain('One decoder layer in float32');
    expect(device?.neededBytes).toBeLessThan(8 * GIB);
  });

  it('asks for nothing of what a method does without', () => {
    const { scratch, memory, microBatchTokens } = planOf7B({ method: 'magnitude' });
    expect(scratch.parts).toEqual([]);
    expect(microBatchTokens).toBe(0);
    expect(memory.neededBytes).toBeLessThan(planOf7B().memory.neededBytes);
  });
});

describe('the cheapest change that makes a run fit', () => {
  const changeOf = (given: Partial<PruneSettings>, machine: Partial<Machine>) =>
    cheapestChange(pruneSettings.parse(given), (settings) => planOf7B(settings, machine));

  it('is fewer samples where the disk is short', () => {
    const found = changeOf({}, { scratchFreeBytes: 60 * GIB });
    expect(found?.options).toEqual(['--samples 500']);
    expect(found?.plan.fits).toBe(true);
  });

  it('is another criterion before another method', () => {
    const needed = planOf7B().memory.neededBytes;
    const found = changeOf({ criterion: 'paper' }, { memoryFreeBytes: needed + 0.1 * GIB });
    expect(found?.options.at(-1)).not.toContain('--method');
    expect(found?.plan.memory.neededBytes).toBeLessThanOrEqual(needed + 0.1 * GIB);
  });

  it('is no step more than it takes', () => {
    const found = changeOf(
      { method: 'sparsegpt' },
      { memoryFreeBytes: planOf7B({ method: 'magnitude' }).memory.neededBytes + 0.3 * GIB },
    );
    expect(found?.plan.fits).toBe(true);
    expect(found?.options.some((option) => option.startsWith('--samples'))).toBe(false);
  });

  it('is none where nothing helps', () => {
    expect(changeOf({}, { memoryFreeBytes: 0.5 * GIB })).toBeNull();
  });
});
