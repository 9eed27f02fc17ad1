import { describe, expect, it } from 'vitest';
import { alibiSlopes, alibiTable } from '../../../src/engine/model/alibi.ts';
import { tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';

describe('alibiSlopes', () => {
  it('falls by the same factor from head to head', () => {
    expectClose(alibiSlopes(8), [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128, 1 / 256], 1e-12, '8');
    expectClose(alibiSlopes(4), [1 / 4, 1 / 16, 1 / 64, 1 / 256], 1e-12, '4');
  });

  it('takes those between for heads beyond a power of two', () => {
    expectClose(alibiSlopes(6), [1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 2, 1 / 8], 1e-12, '6');
  });
});

describeOnEachBackend('alibiTable', () => {
  it('falls with the distance from the last key', () => {
    tidy(() => {
      const table = alibiTable(4, 3);
      expect(table.shape).toEqual([4, 1, 3]);
      expect([...readFloats(table).subarray(0, 6)]).toEqual([-0.5, -0.25, 0, -0.125, -0.0625, 0]);
    });
  });
});
