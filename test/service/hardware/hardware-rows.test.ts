import { describe, expect, it } from 'vitest';
import type { HardwareReport } from '../../../src/contract/hardware.ts';
import { backendRow, diskRow, graphicsRow, memoryRow } from '../../../src/service/hardware/hardware-rows.ts';

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

describe('graphics memory', () => {
  const card = { name: 'NVIDIA RTX 4090', freeBytes: 20 * GIB, totalBytes: 24 * GIB };
  const parts = [
    { name: 'A micro-batch', bytes: GIB },
    { name: 'Decoder layer', bytes: 3 * GIB },
  ];

  it('is not needed where the run computes on the processor', () => {
    expect(graphicsRow(false, null, [])).toMatchObject({ isOk: true, neededBytes: null });
    expect(graphicsRow(false, card, []).finding).toContain('NVIDIA RTX 4090 is there, but');
  });

  it('that suffices: what is needed of what is free, its largest part first', () => {
    const row = graphicsRow(true, card, parts);
    expect(row).toMatchObject({ isOk: true, neededBytes: 4 * GIB, freeBytes: 20 * GIB, problem: null });
    expect(row.parts.map(({ name }) => name)).toEqual(['Decoder layer', 'A micro-batch']);
    expect(row.finding).toBe(
      'The run needs about 4.0 GiB at its peak; 20.0 GiB of the 24.0 GiB of NVIDIA RTX 4090 are free.',
    );
  });

  it('that is taken by others does not suffice, however much there is in all', () => {
    const row = graphicsRow(true, { ...card, freeBytes: 2 * GIB }, parts);
    expect(row).toMatchObject({ isOk: false, problem: { code: 'GRAPHICS_SHORT' } });
  });

  it('that cannot be read is no reason to refuse', () => {
    expect(graphicsRow(true, null, parts)).toMatchObject({ isOk: true, freeBytes: null });
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
