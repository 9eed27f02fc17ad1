import { describe, expect, it } from 'vitest';
import type { HardwareReport } from '../../../src/contract/hardware.ts';
import { backendRow, diskRow, memoryRow } from '../../../src/service/hardware/hardware-rows.ts';

const GIB = 2 ** 30;
type Trial = HardwareReport['backends'][number];
const trial = (name: Trial['name'], changes: Partial<Trial> = {}): Trial => ({
  name,
  isUsable: true,
  isChosen: true,
  reason: null,
  matMulGflops: 146.4,
  ...changes,
});
const broken = trial('tensorflow', {
  isUsable: false,
  isChosen: false,
  reason: 'its library is missing',
  matMulGflops: null,
});

describe('memory and disk', () => {
  it('that suffice: what is needed, what is free, and what it is made of', () => {
    const parts = [
      { name: 'Scores', bytes: GIB },
      { name: 'Program', bytes: 0.5 * GIB },
    ];
    expect(memoryRow(parts, 2 * GIB)).toEqual({
      id: 'memory',
      title: 'Memory',
      isOk: true,
      neededBytes: 1.5 * GIB,
      freeBytes: 2 * GIB,
      parts,
      finding: 'The run needs about 1.5 GiB at its peak; 2.0 GiB are free.',
      problem: null,
    });
  });

  it('that fall short by one byte: what is lacking where, and one thing to do', () => {
    const memory = memoryRow([{ name: 'Scores', bytes: GIB + 1 }], GIB);
    expect(memory.isOk).toBe(false);
    expect(memory.problem).toMatchObject({ code: 'MEMORY_SHORT', fix: expect.stringContaining('smaller') });
    const disk = diskRow('output-disk', '/media/usb', [{ name: 'Pruned model', bytes: 13 * GIB }], 5 * GIB);
    expect(disk.problem).toEqual({
      code: 'DISK_SHORT',
      message: 'There is too little space at /media/usb: about 13.0 GiB are needed and 5.0 GiB are free.',
      fix: 'Free some space there, or choose an output folder on another disk.',
    });
    const scratch = diskRow('scratch-disk', '/data', [{ name: 'Scores', bytes: 2 }], 1);
    expect(scratch.problem?.fix).toContain('data folder');
  });
});

describe('computing', () => {
  it('works with the best backend, at a measured rate', () => {
    const row = backendRow([trial('tensorflow')], null);
    expect(row).toMatchObject({ isOk: true, finding: 'TensorFlow works, 146 GFLOP/s.', problem: null });
  });

  it('with a slower one is only consented to, never taken silently', () => {
    const trials = [broken, trial('wasm', { matMulGflops: 20 })];
    const unasked = backendRow(trials, null);
    expect(unasked.isOk).toBe(false);
    expect(unasked.problem).toMatchObject({
      code: 'BACKEND_SLOWER',
      message: expect.stringContaining('its library is missing'),
      fix: expect.stringContaining('WebAssembly'),
    });
    expect(backendRow(trials.toReversed(), 'wasm')).toMatchObject({ isOk: true, problem: null });
  });

  it('does not work where no backend does, with the reason of each', () => {
    const row = backendRow([broken], null);
    expect(row.problem).toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('TensorFlow: its library is missing'),
    });
  });
});
