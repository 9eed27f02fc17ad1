import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import type { Progress } from '../../../src/contract/progress.ts';
import { ProgressMeter } from '../../../src/engine/streaming/progress-meter.ts';

const work = [
  { stage: 'forward' as const, layers: 2, tokens: 100, flopsPerToken: 10 },
  { stage: 'backward' as const, layers: 2, tokens: 100, flopsPerToken: 30 },
];

describe('ProgressMeter', () => {
  it('reports layers done, tokens through all layers a second and the time left by work', async () => {
    const reports: (Progress & { atMs: number })[] = [];
    const startedAtMs = performance.now();
    const meter = new ProgressMeter(work, (progress) =>
      reports.push({ ...progress, atMs: performance.now() - startedAtMs }),
    );
    meter.start('forward');
    await setTimeout(40);
    await meter.passed(100, 1);
    await setTimeout(40);
    await meter.passed(100, 2);
    meter.start('backward');
    await setTimeout(40);
    await meter.passed(50, 0.5);

    expect(reports.map(({ stage, done, total }) => [stage, done, total])).toEqual([
      ['forward', 0, 2],
      ['forward', 1, 2],
      ['forward', 2, 2],
      ['backward', 0, 2],
      ['backward', 0.5, 2],
    ]);
    const [start, half, whole, , last] = reports;
    expect(start.tokensPerSecond).toBeUndefined();
    expect(start.remainingMs).toBeUndefined();
    // 100 tokens through one of two layers: as much as 50 through both.
    expect(half.tokensPerSecond).toBeCloseTo(50_000 / half.atMs, -3);
    expect(whole.tokensPerSecond).toBeCloseTo(100_000 / whole.atMs, -3);
    // 2,000 of 8,000 operations are done, then 3,500.
    expect((whole.remainingMs as number) / whole.atMs).toBeCloseTo(3, 1);
    expect((last.remainingMs as number) / last.atMs).toBeCloseTo(4500 / 3500, 1);
  });

  it('gives each stage’s time and rate at the end', async () => {
    const meter = new ProgressMeter(work, () => {});
    meter.start('forward');
    await setTimeout(30);
    await meter.passed(100, 1);
    await meter.passed(100, 2);
    meter.start('backward');
    const timings = meter.timings();
    expect(timings.map(({ stage }) => stage)).toEqual(['forward', 'backward']);
    expect(timings[0].seconds).toBeGreaterThan(0.025);
    expect(timings[0].tokensPerSecond * timings[0].seconds).toBeCloseTo(100, 6);
    expect(meter.timings()).toEqual(timings);
  });

  it('stops between two micro-batches when asked to', async () => {
    const controller = new AbortController();
    const meter = new ProgressMeter(work, () => {}, controller.signal);
    meter.start('forward');
    await meter.passed(50, 0.5);
    controller.abort();
    await expect(meter.passed(50, 1)).rejects.toBeInstanceOf(Interrupted);
  });

  it('lets the process hear a signal that comes while it works', async () => {
    const controller = new AbortController();
    const meter = new ProgressMeter(work, () => {}, controller.signal);
    meter.start('forward');
    setImmediate(() => controller.abort());
    await expect(meter.passed(50, 0.5)).rejects.toBeInstanceOf(Interrupted);
  });
});
