import { describe, expect, it } from 'vitest';
import type { Rope } from '../../../src/engine/checkpoint/model-config.ts';
import {
  rotaryBackward,
  rotaryForward,
  rotaryFrequencies,
  rotaryTables,
} from '../../../src/engine/model/rotary-embedding.ts';
import type { Segment } from '../../../src/engine/model/segments.ts';
import { reshape, type Tensor3D, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, type Matrix, rotate } from './reference.ts';
import { TINY_THETA, tinyConfig } from './tiny-config.ts';

const longRope = (attentionFactor: number): Rope => ({
  theta: TINY_THETA,
  scaling: {
    type: 'longrope',
    shortFactor: [1.5, 2],
    longFactor: [3, 4],
    originalMaxPositionEmbeddings: 8,
    attentionFactor,
  },
});

describe('rotaryFrequencies', () => {
  it('falls from 1 by powers of the base', () => {
    expectClose(
      rotaryFrequencies({ theta: TINY_THETA, scaling: null }, 8, 9),
      [1, 0.1, 0.01, 0.001],
      1e-12,
      'frequencies',
    );
  });

  it('is divided by the factor of a linear scaling', () => {
    const rope: Rope = { theta: TINY_THETA, scaling: { type: 'linear', factor: 4 } };
    expectClose(rotaryFrequencies(rope, 4, 9), [0.25, 0.0025], 1e-12, 'frequencies');
  });

  it('keeps short waves, stretches long ones and interpolates between, as Llama 3.1 does', () => {
    // Wavelengths 6.3, 63, 628 and 6283: 128 / 4 = 32 keeps the first, 128 / 1 = 128 divides the last two.
    const rope: Rope = {
      theta: TINY_THETA,
      scaling: {
        type: 'llama3',
        factor: 8,
        lowFreqFactor: 1,
        highFreqFactor: 4,
        originalMaxPositionEmbeddings: 128,
      },
    };
    const smooth = (128 / (20 * Math.PI) - 1) / 3;
    const between = (1 - smooth) * (0.1 / 8) + smooth * 0.1;
    expectClose(rotaryFrequencies(rope, 8, 9), [1, between, 0.01 / 8, 0.001 / 8], 1e-12, 'frequencies');
  });

  it('is divided by LongRoPE’s factors for short texts, or by those for texts beyond the original length', () => {
    const rope = longRope(1);
    expectClose(rotaryFrequencies(rope, 4, 8), [1 / 1.5, 0.01 / 2], 1e-12, 'short');
    expectClose(rotaryFrequencies(rope, 4, 9), [1 / 3, 0.01 / 4], 1e-12, 'long');
  });
});

const HEADS = 3;
const config = tinyConfig({ headDim: 4 });
const rope: Rope = { theta: TINY_THETA, scaling: null };
const WIDTH = HEADS * config.headDim;
const segments = [
  { start: 0, length: 5 },
  { start: 5, length: 1 },
  { start: 6, length: 3 },
];
const x = randomValues(9 * WIDTH, 1);
const dy = randomValues(x.length, 2);
const rotateSegments = (values: Matrix): Matrix => {
  const parts = segments.map(({ start, length }) =>
    rotate(values.subarray(start * WIDTH, (start + length) * WIDTH), HEADS, config.headDim, TINY_THETA),
  );
  return Float64Array.from(parts.flatMap((part) => [...part]));
};
const heads = (values: Matrix) => reshape(matrixOf(values, WIDTH), [-1, HEADS, config.headDim]) as Tensor3D;

describeOnEachBackend('the rotary embedding', () => {
  it('rotates every head by its position, which starts at 0 in each sample', () => {
    tidy(() => {
      const found = readFloats(rotaryForward(heads(x), rotaryTables(config, rope, segments)));
      expectClose(found, rotateSegments(x), 1e-6, 'y');
    });
  });

  it('gives the gradient at its input', () => {
    tidy(() => {
      const found = readFloats(rotaryBackward(heads(dy), rotaryTables(config, rope, segments)));
      const expected = finiteDifferences(() => dot(dy, rotateSegments(x)), x, everyIndex(x));
      expectClose(found, expected, 1e-6, 'dx');
    });
  });

  it('leaves heads as they are where there is none', () => {
    tidy(() => {
      const found = readFloats(rotaryForward(heads(x), rotaryTables(config, null, segments)));
      expectClose(found, x, 1e-7, 'y');
    });
  });

  it('multiplies queries and keys by the root of what the attention is scaled by beside √headDim, and by LongRoPE’s factor', () => {
    tidy(() => {
      const scaled = { headDim: 4, rotaryDim: 4, attentionScale: 0.5 * 9 };
      const found = readFloats(rotaryForward(heads(x), rotaryTables(scaled, rope, segments)));
      expectClose(
        found,
        rotateSegments(x).map((value) => 3 * value),
        1e-6,
        'y',
      );
      const long = readFloats(rotaryForward(heads(x), rotaryTables(config, longRope(1.25), segments)));
      const plain = readFloats(rotaryForward(heads(x), rotaryTables(config, longRope(1), segments)));
      expectClose(
        long,
        plain.map((value) => 1.25 * value),
        1e-6,
        'y',
      );
    });
  });

  it('leaves the last pairs of a head that is rotated in part', () => {
    tidy(() => {
      const partial = { headDim: 8, rotaryDim: 4, attentionScale: 8 ** -0.5 };
      const { cos, sin } = rotaryTables(partial, rope, [{ start: 0, length: 2 }]);
      const angles = [0, 0, 0, 0, 1, 0.01, 0, 0];
      expectClose(readFloats(cos), angles.map(Math.cos), 1e-6, 'cos');
      expectClose(readFloats(sin), angles.map(Math.sin), 1e-6, 'sin');
    });
  });

  it('gives a text that grows the frequencies of its length at each token', () => {
    tidy(() => {
      const angles = (segment: Segment) => readFloats(rotaryTables(config, longRope(1), [segment]).sin);
      const grown = angles({ start: 0, length: 12, grows: true });
      const short = angles({ start: 0, length: 8 });
      const long = angles({ start: 0, length: 12 });
      expect([...grown]).toEqual([...short, ...long.subarray(short.length)]);
    });
  });

  it('is exact at far positions: the angle is taken in float64', () => {
    tidy(() => {
      const length = 4000;
      const values = randomValues(length * 4, 3);
      const one = reshape(matrixOf(values, 4), [length, 1, 4]) as Tensor3D;
      const found = readFloats(rotaryForward(one, rotaryTables(config, rope, [{ start: 0, length }])));
      expectClose(found, rotate(values, 1, 4, TINY_THETA), 1e-6, 'y');
      expect(found).toHaveLength(values.length);
    });
  });
});
