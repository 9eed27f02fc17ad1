import { expect, it } from 'vitest';
import { attentionBackward, attentionForward, attentionMask } from '../../../src/engine/model/attention.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues, seededUniform } from '../random-values.ts';
import { matrixOf } from './device.ts';
import { attention, dot, finiteDifferences, type Matrix } from './reference.ts';
import { tinyConfig } from './tiny-config.ts';

const QUERY_WIDTH = 16;
const KEY_WIDTH = 8;

/** Gradients in these many coordinates of each of q, k and v are held against finite differences. */
const COORDINATES = 8;

interface Case {
  readonly tokens: number;
  readonly slidingWindow: number | null;
}

/** Blocks hold 256 queries: one block, its edge, several, and windows narrower and wider than a block. */
const cases: readonly Case[] = [
  { tokens: 1, slidingWindow: null },
  { tokens: 9, slidingWindow: null },
  { tokens: 256, slidingWindow: null },
  { tokens: 257, slidingWindow: null },
  { tokens: 530, slidingWindow: null },
  { tokens: 9, slidingWindow: 1 },
  { tokens: 530, slidingWindow: 50 },
  { tokens: 530, slidingWindow: 256 },
  { tokens: 530, slidingWindow: 400 },
  { tokens: 300, slidingWindow: 1000 },
];

const expectations = cases.map((each) => {
  const { tokens, slidingWindow } = each;
  const q = randomValues(tokens * QUERY_WIDTH, 1).map((value) => 3 * value);
  const k = randomValues(tokens * KEY_WIDTH, 2);
  const v = randomValues(tokens * KEY_WIDTH, 3);
  const dOutput = randomValues(q.length, 4);
  const shape = { heads: 4, keyValueHeads: 2, headDim: 4, slidingWindow };
  const uniform = seededUniform(5);
  const differences = (x: Matrix) => {
    const at = Array.from({ length: COORDINATES }, () => Math.floor(uniform() * x.length));
    return { at, values: finiteDifferences(() => dot(dOutput, attention(q, k, v, shape)), x, at) };
  };
  return {
    ...each,
    config: tinyConfig({ slidingWindow }),
    ...{ q, k, v, dOutput },
    output: attention(q, k, v, shape),
    gradients: { dq: differences(q), dk: differences(k), dv: differences(v) },
  };
});

describeOnEachBackend('attention', () => {
  it.each(expectations)('$tokens tokens, sliding window $slidingWindow: output and gradients', (each) => {
    const { config, q, k, v, dOutput, output, gradients } = each;
    const [queries, keys, values] = [
      matrixOf(q, QUERY_WIDTH),
      matrixOf(k, KEY_WIDTH),
      matrixOf(v, KEY_WIDTH),
    ];
    const upstream = matrixOf(dOutput, QUERY_WIDTH);
    const mask = attentionMask(config, each.tokens + 3); // of a longer sample in the same micro-batch
    tidy(() => {
      const { output: forward, probabilities } = attentionForward(config, queries, keys, values, mask);
      expectClose(readFloats(forward), output, 2e-6, 'output');
      for (const kept of [null, probabilities]) {
        const tensors = memory().numTensors;
        const found = attentionBackward(config, queries, keys, values, mask, forward, upstream, kept);
        expect(memory().numTensors).toBe(tensors + 3);
        for (const part of ['dq', 'dk', 'dv'] as const) {
          const { at, values: expected } = gradients[part];
          const all = readFloats(found[part]);
          const largest = Math.max(...all.map(Math.abs));
          for (const [n, i] of at.entries()) {
            expect(Math.abs(all[i] - expected[n]), `${part}[${i}]`).toBeLessThan(
              5e-6 * Math.max(largest, 0.1),
            );
          }
        }
      }
    });
    for (const tensor of [queries, keys, values, upstream, mask]) tensor.dispose();
  });

  it('ignores keys that may not be seen, however large', () => {
    tidy(() => {
      const tokens = 270;
      const config = tinyConfig({ slidingWindow: 10 });
      const q = randomValues(tokens * QUERY_WIDTH, 1);
      const k = randomValues(tokens * KEY_WIDTH, 2);
      const v = randomValues(tokens * KEY_WIDTH, 3);
      const mask = attentionMask(config, tokens);
      const run = () =>
        readFloats(
          attentionForward(
            config,
            matrixOf(q, QUERY_WIDTH),
            matrixOf(k, KEY_WIDTH),
            matrixOf(v, KEY_WIDTH),
            mask,
          ).output,
        );
      const plain = run();
      v.fill(1e6, 0, KEY_WIDTH); // token 0
      k.fill(1e3, 0, KEY_WIDTH);
      expect(run().slice(10 * QUERY_WIDTH)).toEqual(plain.slice(10 * QUERY_WIDTH));
    });
  });
});
