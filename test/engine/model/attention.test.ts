import { expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/engine/checkpoint/config.ts';
import { alibiSlopes } from '../../../src/engine/model/alibi.ts';
import { attentionBackward, attentionForward } from '../../../src/engine/model/attention.ts';
import { joinHeads, mergeBlocks, splitBlocks, splitHeads } from '../../../src/engine/model/heads.ts';
import { type AttentionPositions, positionsOf } from '../../../src/engine/model/positions.ts';
import {
  concat,
  memory,
  onesLike,
  type Tensor2D,
  tidy,
  zeros,
  zerosLike,
} from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { casesOn, describeOnEachBackend } from '../each-backend.ts';
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
  readonly softcap?: number;
  readonly alibi?: boolean;
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
  { tokens: 270, slidingWindow: null, softcap: 1.5 },
  { tokens: 270, slidingWindow: 100, softcap: 1.5 },
  { tokens: 270, slidingWindow: null, alibi: true },
];

const expectations = cases.map((each) => {
  const { tokens, slidingWindow, softcap, alibi = false } = each;
  const q = randomValues(tokens * QUERY_WIDTH, 1).map((value) => 3 * value);
  const k = randomValues(tokens * KEY_WIDTH, 2);
  const v = randomValues(tokens * KEY_WIDTH, 3);
  const dOutput = randomValues(q.length, 4);
  const shape = {
    heads: 4,
    keyValueHeads: 2,
    headDim: 4,
    slidingWindow,
    ...(softcap && { softcap }),
    ...(alibi && { slopes: alibiSlopes(4) }),
  };
  const uniform = seededUniform(5);
  const differences = (x: Matrix) => {
    const at = Array.from({ length: COORDINATES }, () => Math.floor(uniform() * x.length));
    return { at, values: finiteDifferences(() => dot(dOutput, attention(q, k, v, shape)), x, at) };
  };
  return {
    ...each,
    config: tinyConfig({ attentionSoftcap: softcap ?? null, alibi }, { slidingWindow }),
    ...{ q, k, v, dOutput },
    output: attention(q, k, v, shape),
    gradients: { dq: differences(q), dk: differences(k), dv: differences(v) },
  };
});

/** Tokens of a sample that lies before the one at test in the same micro-batch. */
const BEFORE = 3;
const WIDTH = QUERY_WIDTH + 2 * KEY_WIDTH;

/** Queries, keys and values side by side, below another sample's. */
function packed(q: Matrix, k: Matrix, v: Matrix): Tensor2D {
  const tokens = k.length / KEY_WIDTH;
  const rows = [
    randomValues(BEFORE * WIDTH, 6),
    ...Array.from({ length: tokens }, (_, t) => [
      ...q.subarray(t * QUERY_WIDTH, (t + 1) * QUERY_WIDTH),
      ...k.subarray(t * KEY_WIDTH, (t + 1) * KEY_WIDTH),
      ...v.subarray(t * KEY_WIDTH, (t + 1) * KEY_WIDTH),
    ]),
  ];
  return matrixOf(Float64Array.from(rows.flatMap((row) => [...row])), WIDTH);
}

/** The positions of both samples, without rotation: that is tested by itself. */
function unrotated(config: ModelConfig, tokens: number): AttentionPositions {
  const segments = [
    { start: 0, length: BEFORE },
    { start: BEFORE, length: tokens },
  ];
  const [positions] = positionsOf(config, segments).kinds;
  const { cos, sin } = positions.rotary;
  return { ...positions, rotary: { cos: onesLike(cos), sin: zerosLike(sin) } };
}

const columnsOf = (x: Float32Array, begin: number, width: number): Float32Array =>
  x.subarray(BEFORE * WIDTH).filter((_, i) => i % WIDTH >= begin && i % WIDTH < begin + width);

describeOnEachBackend('attention', (backend) => {
  it.each(casesOn(backend, expectations, 3))(
    '$tokens tokens, sliding window $slidingWindow, soft cap $softcap, ALiBi $alibi: output and gradients',
    (each) => {
      const { config, q, k, v, dOutput, output, gradients } = each;
      tidy(() => {
        const positions = unrotated(config, each.tokens);
        const heads = splitHeads(config, packed(q, k, v), positions);
        const upstream = concat(
          [zeros([BEFORE, QUERY_WIDTH]), matrixOf(dOutput, QUERY_WIDTH)],
          0,
        ) as Tensor2D;
        const dOutputs = splitBlocks(config, upstream, positions);
        const { outputs, probabilities } = attentionForward(config, heads, positions, true);
        const forward = readFloats(mergeBlocks(config, outputs)).subarray(BEFORE * QUERY_WIDTH);
        expectClose(forward, output, 2e-6, 'output');
        for (const kept of [[], probabilities]) {
          const tensors = memory().numTensors;
          const found = attentionBackward(config, heads, positions, dOutputs, kept);
          expect(memory().numTensors).toBe(tensors + 3 * positions.blocks.length);
          const joined = readFloats(joinHeads(config, found, positions));
          const parts = {
            dq: columnsOf(joined, 0, QUERY_WIDTH),
            dk: columnsOf(joined, QUERY_WIDTH, KEY_WIDTH),
            dv: columnsOf(joined, QUERY_WIDTH + KEY_WIDTH, KEY_WIDTH),
          };
          for (const part of ['dq', 'dk', 'dv'] as const) {
            const { at, values: expected } = gradients[part];
            const largest = Math.max(...parts[part].map(Math.abs));
            for (const [n, i] of at.entries()) {
              expect(Math.abs(parts[part][i] - expected[n]), `${part}[${i}]`).toBeLessThan(
                5e-6 * Math.max(largest, 0.1),
              );
            }
          }
        }
      });
    },
  );

  it('ignores keys that may not be seen, however large', () => {
    tidy(() => {
      const tokens = 270;
      const config = tinyConfig({}, { slidingWindow: 10 });
      const q = randomValues(tokens * QUERY_WIDTH, 1);
      const k = randomValues(tokens * KEY_WIDTH, 2);
      const v = randomValues(tokens * KEY_WIDTH, 3);
      const run = () => {
        const positions = unrotated(config, tokens);
        const { outputs } = attentionForward(
          config,
          splitHeads(config, packed(q, k, v), positions),
          positions,
        );
        return readFloats(mergeBlocks(config, outputs)).slice(BEFORE * QUERY_WIDTH);
      };
      const plain = run();
      v.fill(1e6, 0, KEY_WIDTH); // token 0
      k.fill(1e3, 0, KEY_WIDTH);
      expect(run().slice(10 * QUERY_WIDTH)).toEqual(plain.slice(10 * QUERY_WIDTH));
    });
  });
});
