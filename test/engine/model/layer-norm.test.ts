import { expect, it } from 'vitest';
import { layerNormBackward, layerNormForward } from '../../../src/engine/model/layer-norm.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf, vectorOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, layerNorm } from './reference.ts';

const WIDTH = 7;
const EPS = 1e-5;
const x = randomValues(5 * WIDTH, 1).map((value, i) => 3 + value * 2 ** Math.floor(i / WIDTH)); // far from a mean of 0
const weight = randomValues(WIDTH, 2);
const bias = randomValues(WIDTH, 3);
const dy = randomValues(x.length, 4);
const residual = randomValues(x.length, 5);

describeOnEachBackend('layerNorm', () => {
  it('normalises each token by its mean and deviation', () => {
    tidy(() => {
      const y = layerNormForward(matrixOf(x, WIDTH), vectorOf(weight), vectorOf(bias), EPS);
      expectClose(readFloats(y), layerNorm(x, weight, bias, EPS), 2e-6, 'y');
    });
  });

  it('gives the gradient at its input, beside the one that passes by', () => {
    tidy(() => {
      const [input, gradient, past] = [x, dy, residual].map((values) => matrixOf(values, WIDTH));
      const sum = readFloats(layerNormBackward(input, vectorOf(weight), EPS, gradient, past));
      const dx = finiteDifferences(() => dot(dy, layerNorm(x, weight, bias, EPS)), x, everyIndex(x));
      expectClose(
        sum,
        residual.map((value, i) => value + dx[i]),
        1e-5,
        'residual + dx',
      );
    });
  });

  it('leaves only its results', () => {
    tidy(() => {
      const [input, gradient] = [matrixOf(x, WIDTH), matrixOf(dy, WIDTH)];
      const [w, b] = [vectorOf(weight), vectorOf(bias)];
      const before = memory().numTensors;
      layerNormForward(input, w, b, EPS);
      layerNormBackward(input, w, EPS, gradient, gradient);
      expect(memory().numTensors).toBe(before + 2);
    });
  });
});
