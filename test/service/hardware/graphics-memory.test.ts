import { describe, expect, it } from 'vitest';
import { readGraphicsMemory } from '../../../src/service/hardware/graphics-memory.ts';

describe('memory of a graphics processor', () => {
  it('is what the driver tells of the first one, in bytes', async () => {
    const told = 'NVIDIA H100 80GB HBM3, 81079, 81559\nNVIDIA H100 80GB HBM3, 7, 81559\n';
    expect(await readGraphicsMemory(async () => told)).toEqual({
      name: 'NVIDIA H100 80GB HBM3',
      freeBytes: 81079 * 2 ** 20,
      totalBytes: 81559 * 2 ** 20,
    });
  });

  it.each([
    '',
    'NVIDIA-SMI has failed because it could not communicate with the driver.',
    'GPU, [N/A], [N/A]',
  ])('is not known where the driver says %j', async (told) =>
    expect(await readGraphicsMemory(async () => told)).toBeNull(),
  );

  it('is not known where there is no driver', async () => {
    const missing = () => Promise.reject(Object.assign(new Error('spawn nvidia-smi'), { code: 'ENOENT' }));
    expect(await readGraphicsMemory(missing)).toBeNull();
  });
});
