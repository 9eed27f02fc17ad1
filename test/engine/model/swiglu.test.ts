import { expect, it } from 'vitest';
import { swigluBackward, swigluForward } from '../../../src/engine/model/swiglu.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, swiglu } from './reference.ts';

const WIDTH = 6;
const gateUp = randomValues(4 * 2 * WIDTH, 1).map((value) => 4 * value);
const dy = randomValues(4 * WIDTH, 2);

describeOnEachBackend('swiglu', () => {
  it('is silu(gate) · up', () => {
    tidy(() => {
      expectClose(readFloats(swigluForward(matrixOf(gateUp, 2 * WIDTH))), swiglu(gateUp, WIDTH), 1e-6, 'y');
    });
  });

  it('gives the gradient at gate and up', () => {
    tidy(() => {
      const found = readFloats(swigluBackward(matrixOf(gateUp, 2 * WIDTH), matrixOf(dy, WIDTH)));
      const expected = finiteDifferences(() => dot(dy, swiglu(gateUp, WIDTH)), gateUp, everyIndex(gateUp));
      expectClose(found, expected, 1e-5, 'd gateUp');
    });
  });

  it('stays finite where the gate is far from 0', () => {
    tidy(() => {
      const extreme = Float64Array.of(-200, 200, 3, 3);
      const y = readFloats(swigluForward(matrixOf(extreme, 4)));
      const d = readFloats(swigluBackward(matrixOf(extreme, 4), matrixOf(Float64Array.of(1, 1), 2)));
      expectClose(y, [0, 600], 1e-6, 'y');
      expectClose(d, [0, 3, 0, 200], 1e-6, 'd gateUp');
    });
  });

  it('leaves only its results', () => {
    tidy(() => {
      const both = matrixOf(gateUp, 2 * WIDTH);
      const gradient = matrixOf(dy, WIDTH);
      const before = memory().numTensors;
      swigluForward(both);
      swigluBackward(both, gradient);
      expect(memory().numTensors).toBe(before + 2);
    });
  });
});
