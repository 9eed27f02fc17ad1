import { expect, it } from 'vitest';
import {
  generalWeightImportance,
  InputMoments,
  inverseHessianDiagonal,
} from '../../../src/engine/importance/hessian.ts';
import { NotPositiveDefinite } from '../../../src/engine/tensor/cholesky.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { relativeError } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { matrixOf } from '../model/device.ts';
import { randomValues } from '../random-values.ts';

function momentsOf(inputs: number, ...batches: Float64Array[]): InputMoments {
  const moments = new InputMoments(inputs);
  for (const batch of batches) {
    const x = matrixOf(batch, inputs);
    moments.accumulate(x);
    x.dispose();
  }
  return moments;
}

describeOnEachBackend('the Hessian of a linear layer’s inputs', () => {
  it('is well known for inputs that are 1 in one column at a time', () => {
    // H = (2/4) diag(1, 4, 0, 9) + 0.01 · mean · I with mean = 0.5 · 14 / 4
    const moments = momentsOf(
      4,
      Float64Array.of(1, 0, 0, 0, 0, 2, 0, 0),
      Float64Array.of(0, 0, 0, 3, 0, 0, 0, 0),
    );
    const inverse = inverseHessianDiagonal(moments, 0.01);
    const added = 0.01 * 0.5 * (14 / 4);
    const expected = [1 / (0.5 + added), 1 / (2 + added), 0, 1 / (4.5 + added)];
    expect(relativeError(inverse.values, expected)).toBeLessThan(1e-6);
    expect(inverse).toMatchObject({ damping: 0.01, deadColumns: [2] });
    moments.dispose();
  });

  it('keeps small directions beside a large common part', () => {
    // All inputs are near 1000 in column 0 and 1: float32 sums of squares would not see their difference.
    const noise = randomValues(400, 1);
    const batches = [0, 1].map((half) =>
      Float64Array.from({ length: 200 }, (_, i) => Math.fround(1000 + 0.01 * noise[half * 200 + i])),
    );
    const all = [...batches[0], ...batches[1]];
    const tokens = all.length / 2;
    const entry = (i: number, j: number) => {
      let total = 0;
      for (let t = 0; t < tokens; t++) total += all[2 * t + i] * all[2 * t + j];
      return (2 / tokens) * total;
    };
    const added = 1e-12 * (entry(0, 0) + entry(1, 1)) * 0.5;
    const [a, b, c] = [entry(0, 0) + added, entry(0, 1), entry(1, 1) + added];
    const determinant = a * c - b * b;
    const moments = momentsOf(2, ...batches);
    const { values } = inverseHessianDiagonal(moments, 1e-12);
    moments.dispose();
    expect(relativeError(values, [c / determinant, a / determinant])).toBeLessThan(1e-3);
  });

  it('raises the damping where the inputs are singular, and says to what', () => {
    const before = memory().numTensors;
    const moments = momentsOf(3, Float64Array.of(1, 2, 3));
    const { damping, values } = inverseHessianDiagonal(moments, 1e-19);
    expect(damping).toBeGreaterThan(1e-17);
    expect(damping).toBeLessThanOrEqual(1.01e-13);
    expect(values.every((value) => value > 0)).toBe(true);
    moments.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('gives up when no damping helps', () => {
    const before = memory().numTensors;
    const broken = momentsOf(2, Float64Array.of(1, Number.NaN, 2, 2));
    expect(() => inverseHessianDiagonal(broken, 0.01)).toThrow(NotPositiveDefinite);
    broken.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('calls every column dead when nothing came in', () => {
    const moments = momentsOf(2, new Float64Array(6));
    expect(inverseHessianDiagonal(moments, 0.01)).toMatchObject({
      values: new Float64Array(2),
      damping: 0.01,
      deadColumns: [0, 1],
    });
    moments.dispose();
    expect(() => new InputMoments(2).takeMatrix()).toThrow('no inputs');
  });

  it('gives G = ½ W² / [H⁻¹]_mm, and 0 in a dead column', () => {
    const weight = matrixOf(Float64Array.of(1, 2, 3, -4, 5, 6), 3);
    const before = memory().numTensors;
    const inverse = { values: Float64Array.of(0.5, 2, 0), damping: 0.01, deadColumns: [2] };
    expect([...generalWeightImportance(weight, inverse)]).toEqual([1, 1, 0, 16, 6.25, 0]);
    expect(memory().numTensors).toBe(before);
    weight.dispose();
  });

  it('leaves no tensor behind', () => {
    const before = memory().numTensors;
    const moments = momentsOf(3, randomValues(9, 1), randomValues(6, 2));
    inverseHessianDiagonal(moments, 0.01);
    moments.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
