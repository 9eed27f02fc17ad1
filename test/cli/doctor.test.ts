import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DoctorReport, formatDoctor } from '../../src/cli/doctor/format-doctor.ts';
import { readTensorflowSetUp } from '../../src/cli/doctor/tensorflow-set-up.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';

describe('doctor', () => {
  it('reports machine, backends and a measured rate as one JSON object', async () => {
    const { exitCode, stdout, stderr } = await runCli(['doctor', '--json']);
    expect(exitCode, stderr).toBe(0);
    const report: DoctorReport = JSON.parse(stdout);
    expect(report.node.version).toBe(process.version);
    const { cores, memoryFreeBytes, memoryTotalBytes, disks } = report.machine;
    expect(cores).toBeGreaterThan(0);
    expect(memoryFreeBytes).toBeLessThan(memoryTotalBytes);
    expect(disks.every(({ freeBytes }) => freeBytes > 0)).toBe(true);
    expect(report.backends.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['tensorflow', 'webgpu', 'wasm', 'cpu']),
    );
    const chosen = report.backends.filter((backend) => backend.chosen);
    expect(chosen.map(({ name }) => name)).toEqual([report.backend]);
    expect(chosen[0].matMulGflops).toBeGreaterThan(0.01);
  });

  it('is readable', async () => {
    const { exitCode, stdout } = await runCli(['doctor']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Memory +\d.* free of /m);
    expect(stdout).toMatch(/^Runs use \w+/m);
  });
});

describe('the verdict', () => {
  const report: DoctorReport = {
    version: '1.0.0',
    node: { version: 'v24.0.0', executable: '/node' },
    machine: {
      system: 'Linux 6',
      architecture: 'x64',
      cpuModel: 'A processor',
      cores: 2,
      memoryTotalBytes: 2 ** 33,
      memoryFreeBytes: 2 ** 32,
      disks: [],
    },
    tensorflow: { state: 'unavailable', reason: 'There is no g++.', fix: 'Install g++.' },
    backends: [
      { name: 'tensorflow', usable: false, chosen: false, reason: 'no binding', matMulGflops: null },
      { name: 'wasm', usable: true, chosen: true, reason: null, matMulGflops: 21.4 },
    ],
    backend: 'wasm',
  };

  it('says why a better backend is not used and what to do about it', () => {
    const text = formatDoctor(report);
    expect(text).toContain('not available: There is no g++.');
    expect(text).toMatch(/^tensorflow {2}cannot be used +no binding$/m);
    expect(text).toMatch(
      /Runs use wasm, because tensorflow cannot be used: see above\.\nWhat to do: Install g\+\+\.$/,
    );
  });

  it('says so when no backend works', () => {
    const text = formatDoctor({ ...report, backends: report.backends.slice(0, 1), backend: null });
    expect(text).toContain('No backend can be used.');
  });
});

describe('the state of set-up', () => {
  const folder = temporaryFolder();
  const cacheWith = (name: string, notes: Record<string, unknown>) => {
    const cache = join(folder, name);
    mkdirSync(cache);
    for (const [file, note] of Object.entries(notes)) writeFileSync(join(cache, file), JSON.stringify(note));
    return cache;
  };

  it('is the reason that set-up left', async () => {
    const note = { reason: 'There is no g++.', fix: 'Install g++.' };
    const cache = cacheWith('unavailable', {
      'tensorflow-unavailable.json': note,
      'ready.json': { needs: [] },
    });
    expect(await readTensorflowSetUp(cache)).toEqual({ state: 'unavailable', ...note });
  });

  it('is ready where the library lies', async () => {
    const library = join(folder, 'libtensorflow_cc.so.2');
    writeFileSync(library, '');
    const cache = cacheWith('ready', { 'ready.json': { needs: [{ path: library, bytes: 0 }] } });
    expect(await readTensorflowSetUp(cache)).toEqual({ state: 'ready', libraryFolder: folder });
  });

  it('is not set up without notes, or with a library that is gone', async () => {
    const gone = { needs: [{ path: join(folder, 'gone', 'libtensorflow_cc.so.2') }] };
    expect(await readTensorflowSetUp(cacheWith('none', {}))).toMatchObject({ state: 'not-set-up' });
    expect(await readTensorflowSetUp(cacheWith('gone', { 'ready.json': gone }))).toMatchObject({
      state: 'not-set-up',
    });
  });
});
