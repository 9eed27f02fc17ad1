import { expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/engine/checkpoint/model-config.ts';
import { activationBackward, activationForward } from '../../../src/engine/model/feed-forward.ts';
import { memory, tidy } from '../../../src/engine/tensor/ops.ts';
import { readFloats } from '../../../src/engine/tensor/read.ts';
import { expectClose } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { matrixOf } from './device.ts';
import { dot, everyIndex, finiteDifferences, gelu, type Matrix, swiglu } from './reference.ts';

const WIDTH = 6;
const TOKENS = 4;

/** The first half of each row through GELU, times the second. */
const geglu = (x: Matrix): Matrix =>
  Float64Array.from({ length: TOKENS * WIDTH }, (_, at) => {
    const gate = Math.floor(at / WIDTH) * 2 * WIDTH + (at % WIDTH);
    return gelu(x[gate]) * x[gate + WIDTH];
  });

type Form = Pick<ModelConfig, 'activation' | 'gatedMlp'>;
const forms: { name: string; form: Form; reference: (x: Matrix) => Matrix }[] = [
  {
    name: 'SwiGLU',
    form: { activation: 'silu', gatedMlp: true },
    reference: (x) => swiglu(x, WIDTH),
  },
  { name: 'GEGLU', form: { activation: 'gelu-tanh', gatedMlp: true }, reference: geglu },
  { name: 'GELU', form: { activation: 'gelu-tanh', gatedMlp: false }, reference: (x) => x.map(gelu) },
];
const cases = forms.map((each) => {
  const columns = each.form.gatedMlp ? 2 * WIDTH : WIDTH;
  const x = randomValues(TOKENS * columns, 1).map((value) => 4 * value);
  const dy = randomValues(TOKENS * WIDTH, 2);
  const dx = finiteDifferences(() => dot(dy, each.reference(x)), x, everyIndex(x));
  return { ...each, columns, x, dy, dx };
});

describeOnEachBackend('the activation of the feed-forward part', () => {
  it.each(cases)('$name: value and gradient', ({ form, reference, columns, x, dy, dx }) => {
    tidy(() => {
      const [projected, upstream] = [matrixOf(x, columns), matrixOf(dy, WIDTH)];
      const before = memory().numTensors;
      const y = activationForward(form, projected);
      const gradient = activationBackward(form, projected, upstream);
      expect(memory().numTensors).toBe(before + 2);
      expectClose(readFloats(y), reference(x), 2e-6, 'y');
      expectClose(readFloats(gradient), dx, 1e-5, 'dx');
    });
  });

  it('stays finite where GELU is far from 0', () => {
    tidy(() => {
      const extreme = matrixOf(Float64Array.of(-300, 300), 2);
      const form: Form = { activation: 'gelu-tanh', gatedMlp: false };
      expectClose(readFloats(activationForward(form, extreme)), [0, 300], 1e-6, 'y');
      const ones = matrixOf(Float64Array.of(1, 1), 2);
      expectClose(readFloats(activationBackward(form, extreme, ones)), [0, 1], 1e-6, 'dx');
    });
  });
});
