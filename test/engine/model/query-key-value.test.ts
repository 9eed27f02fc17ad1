import { expect, it } from 'vitest';
import type { NormWeights } from '../../../src/engine/model/norm.ts';
import { arrangeHeads, arrangeHeadsBackward } from '../../../src/engine/model/query-key-value.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf, vectorOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, type Matrix, rmsNorm } from './reference.ts';
import { TINY_EPS, tinyConfig } from './tiny-config.ts';

const TOKENS = 3;
const none = { queryNorm: null, keyNorm: null };

describeOnEachBackend('arrangeHeads', () => {
  it('is the projection itself where nothing is to be done', () => {
    tidy(() => {
      const config = tinyConfig();
      const projected = matrixOf(randomValues(TOKENS * 32, 1), 32);
      expect(arrangeHeads(config, none, projected).dataId).toBe(projected.dataId);
    });
  });

  it('parts queries, keys and values that lie together head by head, and joins their gradients', () => {
    tidy(() => {
      const config = tinyConfig({
        numAttentionHeads: 2,
        numKeyValueHeads: 2,
        headDim: 2,
        qkvRows: 'by-head',
      });
      // q, k and v of the first head, then of the second
      const together = Float64Array.of(1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12);
      const parted = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
      const projected = matrixOf(together, 12);
      expect([...readFloats(arrangeHeads(config, none, projected))]).toEqual([...parted]);
      const gradient = arrangeHeadsBackward(config, none, undefined, matrixOf(parted, 12));
      expect([...readFloats(gradient)]).toEqual([...together]);
    });
  });

  it('puts together what is rotated of a head, half a head apart, and leaves values as they are', () => {
    tidy(() => {
      const config = tinyConfig({ numAttentionHeads: 1, numKeyValueHeads: 1, headDim: 8, rotaryDim: 4 });
      // Rotated are 0 with 2 and 1 with 3.
      const order = [0, 1, 4, 5, 2, 3, 6, 7];
      const projected = Float64Array.from({ length: 24 }, (_, i) => i);
      const expected = [...order, ...order.map((i) => 8 + i), 16, 17, 18, 19, 20, 21, 22, 23];
      const arranged = arrangeHeads(config, none, matrixOf(projected, 24));
      expect([...readFloats(arranged)]).toEqual(expected);
      const back = arrangeHeadsBackward(config, none, undefined, arranged);
      expect([...readFloats(back)]).toEqual([...projected]);
    });
  });

  it('norms each head’s queries and keys, and leaves values as they are', () => {
    tidy(() => {
      const config = tinyConfig(); // 4 query heads, 2 of keys, 2 of values, of 4 each
      const [queryWeight, keyWeight] = [randomValues(4, 2), randomValues(4, 3)];
      const x = randomValues(TOKENS * 32, 4);
      const dy = randomValues(x.length, 5);
      const reference = (values: Matrix) =>
        values.map((value, i) => {
          const head = Math.floor((i % 32) / 4);
          if (head >= 6) return value;
          const start = i - (i % 4);
          const normed = rmsNorm(
            values.subarray(start, start + 4),
            head < 4 ? queryWeight : keyWeight,
            TINY_EPS,
          );
          return normed[i % 4];
        });
      const norm = (weight: Matrix): NormWeights => ({ weight: vectorOf(weight), bias: null, eps: TINY_EPS });
      const norms = { queryNorm: norm(queryWeight), keyNorm: norm(keyWeight) };
      const [projected, upstream] = [matrixOf(x, 32), matrixOf(dy, 32)];
      const before = memory().numTensors;
      const arranged = arrangeHeads(config, norms, projected);
      const gradient = arrangeHeadsBackward(config, norms, projected, upstream);
      expect(memory().numTensors).toBe(before + 2);
      expectClose(readFloats(arranged), reference(x), 1e-6, 'arranged');
      const expected = finiteDifferences(() => dot(dy, reference(x)), x, everyIndex(x));
      expectClose(readFloats(gradient), expected, 1e-5, 'gradient');
    });
  });
});
