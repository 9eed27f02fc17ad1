import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend, tryBackend } from '../../../src/engine/tensor/backend.ts';
import {
  addInPlace,
  addSquaredGradientsInPlace,
  type CausalBlock,
  causalAttention,
  causalAttentionGradient,
  causalSoftmaxInPlace,
  fewRowsLinear,
  fusedColumnSums,
  hasFusedKernels,
  headExponentials,
  mergeBlocks,
  splitHeads,
} from '../../../src/engine/tensor/fused-kernels.ts';
import {
  add,
  exp,
  matMul,
  max,
  memory,
  mul,
  ones,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
  tensor2d,
  tidy,
} from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { randomValues } from '../random-values.ts';

/** Some key/value heads' share in a block of attention, and the gradient at its output. */
interface BlockAtTest extends CausalBlock {
  readonly q: Tensor3D;
  readonly k: Tensor3D;
  readonly v: Tensor3D;
  readonly dy: Tensor3D;
}

function blockAtTest(heads: number, groups: number, width: number, causal: CausalBlock): BlockAtTest {
  const { queries, offset } = causal;
  const random = (rows: number, seed: number, scale: number) =>
    tensor(
      Float32Array.from(randomValues(heads * rows * width, seed), (value) => scale * value),
      [heads, rows, width],
    ) as Tensor3D;
  const [rows, keys] = [groups * queries, offset + queries];
  return {
    ...causal,
    ...{ q: random(rows, 1, 2), k: random(keys, 2, 1), v: random(keys, 3, 1), dy: random(rows, 4, 1) },
  };
}

/** Attention and its gradient by operations of the backend. */
function composedAttention({ q, k, v, dy, queries, offset, window }: BlockAtTest) {
  const [rows, keys] = [q.shape[1], k.shape[1]];
  const hidden = Array.from({ length: rows * keys }, (_, i) => {
    const distance = offset + (Math.floor(i / keys) % queries) - (i % keys);
    return distance >= 0 && (window === 0 || distance < window) ? 0 : -1e9;
  });
  const p = softmax(add(matMul(q, k, false, true), tensor2d(hidden, [rows, keys]))) as Tensor3D;
  const dP = matMul(dy, v, false, true);
  const dS = mul(p, sub(dP, sum(mul(p, dP), 2, true))) as Tensor3D;
  return {
    y: matMul(p, v),
    ...{ dq: matMul(dS, k), dk: matMul(dS, q, true, false), dv: matMul(p, dy, true, false) },
  };
}

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

  it('add up the columns of a matrix and their squares, whatever its size', () => {
    for (const [rows, columns] of [
      [1, 1],
      [31, 65],
      [924, 193],
    ]) {
      const values = randomValues(rows * columns, 7);
      const x = tensor2d(Float32Array.from(values), [rows, columns]) as Tensor2D;
      for (const power of [1, 2]) {
        const expected = Array.from({ length: columns }, (_, c) =>
          Array.from({ length: rows }, (_, r) => values[r * columns + c] ** power).reduce((a, b) => a + b, 0),
        );
        expectClose(
          readFloats(fusedColumnSums(x, power === 2)),
          expected,
          1e-5,
          `${rows} × ${columns}, ${power}`,
        );
      }
      x.dispose();
    }
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

  it.each([
    { name: 'a few tokens and words', tokens: 2, words: 7 },
    { name: 'more words than are taken at a time', tokens: 300, words: 7_300 },
    { name: 'more tokens than are taken at a time', tokens: 2_100, words: 40 },
  ])('give the exponentials of a head’s logits, of all words together: $name', ({ tokens, words }) => {
    tidy(() => {
      const width = 5;
      const x = tensor2d(Float32Array.from(randomValues(tokens * width, 1)), [tokens, width]);
      // Logits rise with the word, so that the largest so far is soon too small.
      const rows = Float32Array.from(
        randomValues(words * width, 2),
        (value, i) => (value * 20 * i) / (words * width),
      );
      const weight = tensor2d(rows, [words, width]);
      const found = headExponentials(x, weight, true);
      const logits = matMul(x, weight, false, true);
      const largest = max(logits, 1, true);
      const exponentials = exp(sub(logits, largest)) as Tensor2D;
      const close = (y: Tensor, expected: Tensor, what: string) =>
        expectClose(readFloats(y), readFloats(expected), 2e-6, what);
      close(found.largest, largest, 'largest');
      close(found.total, sum(exponentials, 1, true), 'total');
      close(found.weighed, matMul(exponentials, weight), 'weighed');
      const alone = headExponentials(x, weight, false);
      expect(alone.weighed.shape).toEqual([0, width]);
      expect(readFloats(alone.total)).toEqual(readFloats(found.total));
    });
  });

  it.each([
    { name: 'one block of one head', heads: 1, groups: 1, width: 4, lengths: [5], window: 0 },
    { name: 'heads of which two go together', heads: 3, groups: 2, width: 20, lengths: [50, 33], window: 0 },
    { name: 'a window', heads: 2, groups: 3, width: 64, lengths: [130, 70, 9], window: 37 },
    { name: 'more heads than parts', heads: 7, groups: 1, width: 33, lengths: [256, 100], window: 0 },
  ])('attend and give the gradients of attention: $name', ({ heads, groups, width, lengths, window }) => {
    tidy(() => {
      // A sequence's blocks: each one's keys begin with the first token.
      const blocks = lengths.map((queries, i) => {
        const offset = lengths.slice(0, i).reduce((all, length) => all + length, 0);
        return blockAtTest(heads, groups, width, { queries, offset, window });
      });
      const places = tensor(
        blocks.flatMap(({ queries, offset }) => [offset, queries, 0, offset + queries]),
        [blocks.length, 4],
        'int32',
      ) as Tensor2D;
      const all = (part: 'q' | 'k' | 'v' | 'dy') => blocks.map((block) => block[part]);
      const stacks = { q: all('q'), k: all('k'), v: all('v') };
      const found = causalAttentionGradient(stacks, all('dy'), places, window);
      const again = causalAttentionGradient(stacks, all('dy'), places, window);
      for (const [i, block] of blocks.entries()) {
        const expected = composedAttention(block);
        const y = causalAttention(block.q, block.k, block.v, block);
        const close = (x: Tensor, wanted: Tensor, what: string) =>
          expectClose(readFloats(x), readFloats(wanted), 2e-6, `${what} of block ${i}`);
        close(y, expected.y, 'output');
        for (const part of ['dq', 'dk', 'dv'] as const) {
          close(found[part][i], expected[part], part);
          expect(readFloats(found[part][i]), 'the same again').toEqual(readFloats(again[part][i]));
        }
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
      const weight = tensor2d([1, 0, Number.NaN, 2], [4, 1]);
      const { total, weighed } = headExponentials(tensor2d([1, 0], [2, 1]), weight, true);
      expect([...readFloats(total), ...readFloats(weighed)]).toEqual([NaN, NaN, NaN, NaN]);
    });
  });

  it('refuse tensors that do not fit together instead of reading past their ends', () => {
    tidy(() => {
      expect(() => addInPlace(ones([4]), ones([3]))).toThrow(/differ in size/);
      expect(() => headExponentials(ones([2, 3]), ones([7, 4]), false)).toThrow(/another width/);
      const { q, k, v, dy } = blockAtTest(2, 1, 4, { queries: 3, offset: 1, window: 0 });
      const gradient = (place: number[], keys: Tensor3D) =>
        causalAttentionGradient({ q: [q], k: [keys], v: [v] }, [dy], tensor2d([place], [1, 4], 'int32'), 0);
      expect(() => gradient([1, 3, 0, 4], q)).toThrow(/differ in heads or width/);
      expect(() => gradient([2, 3, 0, 4], k)).toThrow(/not that of its queries and keys/);
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
