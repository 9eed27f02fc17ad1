import { existsSync, statSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/contract/error.ts';
import { ActivationStore } from '../../../src/engine/streaming/activation-store.ts';
import { mountSmallDisk } from '../checkpoint/full-disk.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';

const folder = temporaryFolder();
const values = (length: number, first: number) => Float32Array.from({ length }, (_, i) => first + i);
/** Room for 10 values in memory. */
const BUDGET = { memoryBytes: 40, format: 'float32' } as const;
const NO_MEMORY = { memoryBytes: 0, format: 'float32' } as const;

describe('ActivationStore', () => {
  it('gives back what was written, from memory and from the file alike', async () => {
    const scratch = join(folder, 'both');
    const store = new ActivationStore(scratch, BUDGET);
    await store.write(0, 0, values(6, 0));
    await store.write(0, 1, values(4, 100));
    expect(existsSync(scratch), 'nothing is written while there is room').toBe(false);
    await store.write(0, 2, values(5, 200));
    await store.write(1, 0, values(3, 300));
    expect(statSync(join(scratch, 'activations.bin')).size).toBe(4 * (5 + 3));
    expect(await store.read(0, 0)).toEqual(values(6, 0));
    expect(await store.read(0, 1)).toEqual(values(4, 100));
    expect(await store.read(0, 2)).toEqual(values(5, 200));
    expect(await store.read(1, 0)).toEqual(values(3, 300));
    await store.close();
  });

  it('replaces a slot where it is', async () => {
    const scratch = join(folder, 'replace');
    const store = new ActivationStore(scratch, BUDGET);
    await store.write(0, 0, values(10, 0));
    await store.write(0, 1, values(10, 50));
    for (const round of [1, 2]) {
      await store.write(0, 0, values(10, 1000 * round));
      await store.write(0, 1, values(10, 2000 * round));
    }
    expect(await store.read(0, 0)).toEqual(values(10, 2000));
    expect(await store.read(0, 1)).toEqual(values(10, 4000));
    expect(statSync(join(scratch, 'activations.bin')).size).toBe(40);
    await store.close();
  });

  it('uses the memory of a boundary that was dropped', async () => {
    const scratch = join(folder, 'drop');
    const store = new ActivationStore(scratch, BUDGET);
    await store.write(0, 0, values(10, 0));
    store.drop(0, 1);
    await store.write(1, 0, values(10, 7));
    expect(existsSync(scratch)).toBe(false);
    expect(await store.read(1, 0)).toEqual(values(10, 7));
    await expect(store.read(0, 0)).rejects.toThrow('boundary 0, pack 0');
    await store.close();
  });

  it('lets nobody but its owner see the folder and the file', async () => {
    const scratch = join(folder, 'private');
    const store = new ActivationStore(scratch, NO_MEMORY);
    await store.write(0, 0, values(1, 0));
    expect(statSync(scratch).mode & 0o777).toBe(0o700);
    expect(statSync(join(scratch, 'activations.bin')).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('removes the folder when it is closed, and can be closed again', async () => {
    const scratch = join(folder, 'closed');
    const store = new ActivationStore(scratch, NO_MEMORY);
    await store.write(0, 0, values(3, 0));
    await store.close();
    expect(existsSync(scratch)).toBe(false);
    await store.close();
    await expect(store.read(0, 0)).rejects.toThrow('no activations');
  });

  it('says so when its folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const store = new ActivationStore(join(folder, 'file', 'scratch'), NO_MEMORY);
    const error = await refusal(store.write(0, 0, values(1, 0)));
    expect(error).toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
    await store.close();
  });

  it('rounds to bfloat16, in memory and in the file alike', async () => {
    const store = new ActivationStore(join(folder, 'half'), { memoryBytes: 8, format: 'bfloat16' });
    const exact = Float32Array.of(1, -2.5, 1.00390625, 3e38);
    await store.write(0, 0, exact.slice());
    await store.write(0, 1, exact.slice());
    expect(statSync(join(folder, 'half', 'activations.bin')).size).toBe(8);
    const rounded = Float32Array.of(1, -2.5, 1, 2.9977220729083195e38);
    for (const pack of [0, 1]) {
      const found = await store.read(0, pack);
      expect(found.subarray(0, 3)).toEqual(rounded.subarray(0, 3));
      expect(Math.abs(found[3] / exact[3] - 1)).toBeLessThan(2 ** -8);
    }
    await store.close();
  });

  it('uses the place in the file of a boundary that was dropped', async () => {
    const scratch = join(folder, 'reuse');
    const store = new ActivationStore(scratch, NO_MEMORY);
    for (let boundary = 0; boundary < 5; boundary++) {
      await store.write(boundary, 0, values(10, boundary));
      await store.write(boundary, 1, values(7, boundary));
      if (boundary > 0) store.drop(boundary - 1, 2);
    }
    expect(await store.read(4, 0)).toEqual(values(10, 4));
    expect(await store.read(4, 1)).toEqual(values(7, 4));
    expect(statSync(join(scratch, 'activations.bin')).size).toBe(2 * 4 * (10 + 7));
    await store.close();
  });

  it('refuses what the disk gives back damaged or cut short', async () => {
    const scratch = join(folder, 'damaged');
    const store = new ActivationStore(scratch, NO_MEMORY);
    await store.write(0, 0, values(10, 0));
    await store.write(0, 1, values(10, 50));
    const file = await open(join(scratch, 'activations.bin'), 'r+');
    await file.write(Buffer.from([77]), 0, 1, 13);
    expect(await refusal(store.read(0, 0))).toMatchObject({ code: 'SCRATCH_DAMAGED' });
    expect(await store.read(0, 1)).toEqual(values(10, 50));
    await file.truncate(60);
    await file.close();
    expect(await refusal(store.read(0, 1))).toMatchObject({ code: 'SCRATCH_DAMAGED' });
    await store.close();
  });

  const disk = mountSmallDisk(join(folder, 'disk'), 64);
  it.skipIf(!disk)('says so when the disk is full (needs the right to mount a small one)', async () => {
    await mkdir(join(disk as string, 'run'));
    const store = new ActivationStore(join(disk as string, 'run', 'scratch'), NO_MEMORY);
    await store.write(0, 0, values(1000, 0));
    const error = await refusal(store.write(0, 1, values(100_000, 0)));
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('scratch') });
    expect(await store.read(0, 0)).toEqual(values(1000, 0));
    await store.close();
    expect(existsSync(join(disk as string, 'run', 'scratch'))).toBe(false);
  });
});
