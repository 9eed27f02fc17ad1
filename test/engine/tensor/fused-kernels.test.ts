import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend, tryBackend } from '../../../src/engine/tensor/backend.ts';
import {
  addInPlace,
  addSquaredGradientsInPlace,
  causalSoftmaxInPlace,
  exponentialsInPlace,
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

  it('add up the squares of each segment’s gradient, whatever its length', () => {
    tidy(() => {
      const [outputs, inputs] = [14, 35];
      const bounds = [
        [0, 1],
        [1, 40],
        [40, 900],
      ];
      const dy = Array.from({ length: 900 * outputs }, (_, i) => Math.sin(i));
      const x = Array.from({ length: 900 * inputs }, (_, i) => Math.cos(3 * i));
      const total = ones([outputs, inputs]) as Tensor2D;
      const places = tensor(bounds.flat(), [3, 2], 'int32') as Tensor2D;
      const gradients = tensor(dy, [900, outputs]) as Tensor2D;
      addSquaredGradientsInPlace(total, gradients, tensor(x, [900, inputs]) as Tensor2D, places);
      const found = readFloats(total);
      for (let output = 0; output < outputs; output++) {
        for (let input = 0; input < inputs; input++) {
          const squares = bounds.map(([begin, end]) => {
            let g = 0;
            for (let t = begin; t < end; t++) g += dy[t * outputs + output] * x[t * inputs + input];
            return g * g;
          });
          const expected = squares.reduce((sum, square) => sum + square, 1);
          expect(found[output * inputs + input] / expected, `${output}, ${input}`).toBeCloseTo(1, 4);
        }
      }
      const outside = tensor([0, 901], [1, 2], 'int32') as Tensor2D;
      expect(() =>
        addSquaredGradientsInPlace(total, gradients, ones([900, inputs]) as Tensor2D, outside),
      ).toThrow(/outside of the tokens/);
    });
  });

  it('turn logits into exponentials, with their largest and their sum', () => {
    tidy(() => {
      const width = 3000;
      const values = Array.from({ length: 2 * width }, (_, i) => 30 * Math.sin(i));
      const logits = tensor(values, [2, width]) as Tensor2D;
      const { largest, total } = exponentialsInPlace(logits);
      const found = readFloats(logits);
      for (let row = 0; row < 2; row++) {
        const part = values.slice(row * width, (row + 1) * width).map(Math.fround);
        const most = Math.max(...part);
        expect(readFloats(largest)[row]).toBe(most);
        const exponentials = part.map((value) => Math.exp(value - most));
        const sum = exponentials.reduce((all, each) => all + each, 0);
        expect(readFloats(total)[row] / sum).toBeCloseTo(1, 6);
        for (let i = 0; i < width; i += 7)
          expect(found[row * width + i], `${i}`).toBeCloseTo(exponentials[i], 6);
      }
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
