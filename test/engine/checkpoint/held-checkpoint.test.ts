import { join } from 'node:path';
import { expect, it } from 'vitest';
import { heldCheckpoint } from '../../../src/engine/checkpoint/held-checkpoint.ts';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { FIXTURES } from '../oracle-fixture.ts';

it('reads a tensor once, and hands out the values that it holds', async () => {
  const checkpoint = await openCheckpoint(join(FIXTURES, 'toy-llama'));
  const [name] = checkpoint.tensors.keys();
  const reads: string[] = [];
  const held = heldCheckpoint({
    ...checkpoint,
    readFloat32: (wanted, range) => {
      reads.push(wanted);
      return checkpoint.readFloat32(wanted, range);
    },
  });
  const [first, second] = await Promise.all([held.readFloat32(name), held.readFloat32(name)]);
  expect(second).toBe(first);
  expect(await held.readFloat32(name)).toBe(first);
  expect(reads).toEqual([name]);
  expect(first).toEqual(await checkpoint.readFloat32(name));
  expect(await held.readFloat32(name, { first: 2, count: 3 })).toEqual(first.slice(2, 5));
  await held.close();
  await expect(checkpoint.readFloat32(name)).rejects.toThrow('closed');
});
