import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../engine/checkpoint/temporary-folder.ts';
import { type ServiceProcess, services } from '../service-process.ts';
import { smallRun } from '../small-run.ts';

const folder = temporaryFolder();
const started = services();
let service: ServiceProcess;
beforeAll(async () => {
  service = await started.start(join(folder, 'data'));
});
afterAll(started.killAll);

it('finds that a small run fits, on what, in how much of what is free, and how long it takes', async () => {
  const request = smallRun(join(folder, 'out'));
  const report = await service.request('hardware.check', { request });
  expect(report.rows.map(({ id, isOk }) => [id, isOk])).toEqual([
    ['backend', true],
    ['graphics', true],
    ['memory', true],
    // The data folder and the output are on the same disk: it is told of once.
    ['disk', true],
  ]);
  for (const { neededBytes, freeBytes, parts } of report.rows.slice(2)) {
    const sum = parts.reduce((total, { bytes }) => total + bytes, 0);
    expect(sum).toBeCloseTo(neededBytes ?? 0, -1);
    expect(neededBytes).toBeLessThan(freeBytes ?? 0);
  }
  const chosen = report.backends.filter(({ isChosen }) => isChosen);
  expect(chosen).toHaveLength(1);
  expect(chosen[0]?.matMulGflops).toBeGreaterThan(0);
  expect(report.stages.map(({ stage }) => stage)).toEqual(
    expect.arrayContaining(['general', 'backward', 'export']),
  );
  const { low, high } = report.predictedMs ?? { low: 0, high: 0 };
  expect(low).toBeGreaterThan(0);
  expect(high).toBeGreaterThanOrEqual(low);
});

it('finds that a run with far too much text does not fit, and says what to do', async () => {
  const settings = { criterion: 'balanced' as const, samples: 100_000_000, sequenceLength: 256 };
  const request = smallRun(join(folder, 'huge'), { settings });
  const { rows } = await service.request('hardware.check', { request });
  const faults = rows.flatMap(({ problem }) => (problem ? [problem] : []));
  expect(faults.length).toBeGreaterThan(0);
  for (const { code, message, fix } of faults) {
    expect(code).toMatch(/^(MEMORY|DISK)_SHORT$/);
    expect(message).toMatch(/about [\d.]+ GiB are needed and [\d.]+ [GM]iB are free/);
    expect(fix).not.toBe('');
  }
});
