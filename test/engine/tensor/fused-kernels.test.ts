import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend, tryBackend } from '../../../src/engine/tensor/backend.ts';
import {
  addInPlace,
  causalSoftmaxInPlace,
  fewRowsLinear,
  hasFusedKernels,
  mergeBlocks,
  splitHeads,
} from '../../../src/engine/tensor/fused-kernels.ts';
import {
  memory,
  ones,
  reshape,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tidy,
} from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';

const loads = (await tryBackend('tensorflow')).usable && hasFusedKernels();

describe.skipIf(!loads)('the fused kernels of the tensorflow backend', () => {
  beforeAll(async () => void (await openBackend('tensorflow')));

  it('write the softmax over the scores, with zeros where a query may not look', () => {
    tidy(() => {
      // Two heads of two queries; the first stands at the second of three keys, and each sees two keys back.
      const scores = tensor([5, 0, 9, 9, 0, Math.log(3), 0, 0, 9, 9, 0, 0], [2, 2, 3]) as Tensor3D;
      const found = readFloats(causalSoftmaxInPlace(scores, { queries: 2, offset: 1, window: 2 }));
      const first = 1 / (1 + Math.exp(-5));
      const expected = [first, 1 - first, 0, 0, 0.25, 0.75, 0.5, 0.5, 0, 0, 0.5, 0.5];
      expected.forEach((value, i) => void expect(found[i], `${i}`).toBeCloseTo(value, 6));
    });
  });

  it('multiply few rows by a weight as the product of matrices does, whatever the width', () => {
    tidy(() => {
      for (const width of [3, 64, 100]) {
        const x = Array.from({ length: 2 * width }, (_, i) => Math.sin(i));
        const weight = Array.from({ length: 5 * width }, (_, i) => Math.cos(3 * i));
        const found = readFloats(
          fewRowsLinear(tensor(x, [2, width]) as Tensor2D, tensor(weight, [5, width]) as Tensor2D),
        );
        for (let row = 0; row < 2; row++) {
          for (let output = 0; output < 5; output++) {
            let sum = 0;
            for (let k = 0; k < width; k++) sum += x[row * width + k] * weight[output * width + k];
            expect(found[row * 5 + output], `${width}: ${row}, ${output}`).toBeCloseTo(sum, 4);
          }
        }
      }
      expect(() => fewRowsLinear(ones([1, 4]) as Tensor2D, ones([2, 3]) as Tensor2D)).toThrow(
        /another number/,
      );
    });
  });

  it('keep what is not a number', () => {
    tidy(() => {
      const scores = tensor([0, Number.NaN, 0, 0], [1, 2, 2]) as Tensor3D;
      const found = readFloats(causalSoftmaxInPlace(scores, { queries: 2, offset: 0, window: 0 }));
      expect([...found]).toEqual([1, 0, 0.5, 0.5]); // the first query does not see it
      const seen = tensor([Number.NaN, 0], [1, 1, 2]) as Tensor3D;
      expect([...readFloats(causalSoftmaxInPlace(seen, { queries: 1, offset: 1, window: 0 }))]).toEqual([
        NaN,
        NaN,
      ]);
    });
  });

  it('refuse tensors that do not fit together instead of reading past their ends', () => {
    tidy(() => {
      expect(() => addInPlace(ones([4]), ones([3]))).toThrow(/differ in size/);
      const angles = { cos: ones([3, 1, 2]) as Tensor3D, sin: ones([3, 1, 2]) as Tensor3D };
      const counts = { heads: 2, kvHeads: 1, headDim: 4 };
      const outside = tensor([[2, 2, 0, 3]], [1, 4], 'int32') as Tensor2D;
      expect(() => splitHeads(counts, ones([3, 16]) as Tensor2D, angles, outside)).toThrow(
        /outside of the tokens/,
      );
    });
  });

  it('leave no tensor behind', () => {
    const before = memory().numTensors;
    tidy(() => {
      const block = reshape(ones([8]), [1, 4, 2]) as Tensor3D;
      expect(mergeBlocks(2, [block, block]).shape).toEqual([4, 4]);
    });
    expect(memory().numTensors).toBe(before);
  });
});
