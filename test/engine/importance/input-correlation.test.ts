import { expect, it } from 'vitest';
import { InputMoments } from '../../../src/engine/importance/hessian.ts';
import { inputCorrelation, unpackCorrelation } from '../../../src/engine/importance/input-correlation.ts';
import { memory, type Tensor2D, tensor2d } from '../../../src/engine/tensor/ops.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';

const TOKENS = 40;
/** Of inputs [TOKENS, inputs] that share a large part; one of them is 0 for every token, and two are opposites. */
function correlationsOf(inputs: number) {
  const values = randomValues(TOKENS * inputs, 3).map((value, i) => {
    const column = i % inputs;
    return column === 4 ? 0 : value + 20 * (column % 3);
  });
  for (let t = 0; t < TOKENS; t++) values[t * inputs + 1] = -values[t * inputs];
  const moments = new InputMoments(inputs);
  const x = tensor2d(Float32Array.from(values), [TOKENS, inputs]) as Tensor2D;
  moments.accumulate(x);
  const found = unpackCorrelation(inputCorrelation(moments), inputs);
  moments.dispose();
  x.dispose();
  const product = (a: number, b: number) =>
    Array.from({ length: TOKENS }, (_, t) => values[t * inputs + a] * values[t * inputs + b]).reduce(
      (sum, each) => sum + each,
      0,
    );
  return {
    found,
    expected: (a: number, b: number) => product(a, b) / Math.sqrt(product(a, a) * product(b, b)),
  };
}

describeOnEachBackend('how inputs go together', () => {
  it.each([7, 1030])('is their cosine over all tokens, of %i inputs', (inputs) => {
    const before = memory().numTensors;
    const { found, expected } = correlationsOf(inputs);
    for (let a = 0; a < inputs; a += inputs > 100 ? 97 : 1) {
      for (let b = 0; b < inputs; b++) {
        const wanted = a === b ? 1 : a === 4 || b === 4 ? 0 : expected(a, b);
        if (Math.abs(found[a * inputs + b] - wanted) > 5e-5)
          expect.fail(`${a}, ${b}: ${found[a * inputs + b]} for ${wanted}`);
      }
    }
    expect(found[1]).toBe(-1);
    expect(memory().numTensors).toBe(before);
  });
});
