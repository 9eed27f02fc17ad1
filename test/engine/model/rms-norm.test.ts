import { expect, it } from 'vitest';
import { rmsNormBackward, rmsNormForward } from '../../../src/engine/model/rms-norm.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf, vectorOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, rmsNorm } from './reference.ts';

const WIDTH = 7;
const EPS = 1e-5;
const x = randomValues(5 * WIDTH, 1).map((value, i) => value * 10 ** (Math.floor(i / WIDTH) - 2)); // rows of any size
const weight = randomValues(WIDTH, 2);
const dy = randomValues(x.length, 3);
const residual = randomValues(x.length, 4);

describeOnEachBackend('rmsNorm', () => {
  it('normalises each token by its root mean square', () => {
    tidy(() => {
      const y = rmsNormForward(matrixOf(x, WIDTH), vectorOf(weight), EPS);
      expectClose(readFloats(y), rmsNorm(x, weight, EPS), 1e-6, 'y');
    });
  });

  it('gives the gradient at its input, beside the one that passes by', () => {
    tidy(() => {
      const [input, gradient, past] = [x, dy, residual].map((values) => matrixOf(values, WIDTH));
      const sum = readFloats(rmsNormBackward(input, vectorOf(weight), EPS, gradient, past));
      const dx = sum.map((value, i) => value - Math.fround(residual[i]));
      for (let row = 0; row < x.length; row += WIDTH) {
        const at = everyIndex(x).slice(row, row + WIDTH);
        const step = 1e-5 * Math.abs(x[row]);
        const expected = finiteDifferences(() => dot(dy, rmsNorm(x, weight, EPS)), x, at, step);
        expectClose(dx.subarray(row, row + WIDTH), expected, 1e-5, `token ${row / WIDTH}`);
      }
    });
  });

  it('leaves only its results', () => {
    tidy(() => {
      const [input, w, gradient] = [matrixOf(x, WIDTH), vectorOf(weight), matrixOf(dy, WIDTH)];
      const past = matrixOf(residual, WIDTH);
      const before = memory().numTensors;
      rmsNormForward(input, w, EPS);
      rmsNormBackward(input, w, EPS, gradient, past);
      expect(memory().numTensors).toBe(before + 2);
    });
  });
});
