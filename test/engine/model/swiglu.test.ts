import { expect, it } from 'vitest';
import { swigluBackward, swigluForward } from '../../../src/engine/model/swiglu.ts';
import { memory, slice, type Tensor2D, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, swiglu } from './reference.ts';

const WIDTH = 6;
const gateUp = randomValues(4 * 2 * WIDTH, 1).map((value) => 4 * value);
const dy = randomValues(4 * WIDTH, 2);

/** [N, 2·width] as gate and up. */
function halves(values: Float64Array, width: number): [Tensor2D, Tensor2D] {
  const both = matrixOf(values, 2 * width);
  return [slice(both, [0, 0], [both.shape[0], width]), slice(both, [0, width], [both.shape[0], width])];
}

describeOnEachBackend('swiglu', () => {
  it('is silu(gate) · up', () => {
    tidy(() => {
      expectClose(readFloats(swigluForward(...halves(gateUp, WIDTH))), swiglu(gateUp, WIDTH), 1e-6, 'y');
    });
  });

  it('gives the gradient at gate and up', () => {
    tidy(() => {
      const found = readFloats(swigluBackward(...halves(gateUp, WIDTH), matrixOf(dy, WIDTH)));
      const expected = finiteDifferences(() => dot(dy, swiglu(gateUp, WIDTH)), gateUp, everyIndex(gateUp));
      expectClose(found, expected, 1e-5, 'd gateUp');
    });
  });

  it('stays finite where the gate is far from 0', () => {
    tidy(() => {
      const extreme = Float64Array.of(-200, 200, 3, 3);
      const y = readFloats(swigluForward(...halves(extreme, 2)));
      const d = readFloats(swigluBackward(...halves(extreme, 2), matrixOf(Float64Array.of(1, 1), 2)));
      expectClose(y, [0, 600], 1e-6, 'y');
      expectClose(d, [0, 3, 0, 200], 1e-6, 'd gateUp');
    });
  });

  it('leaves only its results', () => {
    tidy(() => {
      const [gate, up] = halves(gateUp, WIDTH);
      const gradient = matrixOf(dy, WIDTH);
      const before = memory().numTensors;
      swigluForward(gate, up);
      swigluBackward(gate, up, gradient);
      expect(memory().numTensors).toBe(before + 2);
    });
  });
});
