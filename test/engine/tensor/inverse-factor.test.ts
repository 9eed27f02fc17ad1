import { expect, it } from 'vitest';
import { NotPositiveDefinite } from '../../../src/engine/tensor/cholesky.ts';
import { inverseFactor } from '../../../src/engine/tensor/inverse-factor.ts';
import { matMul, memory, tensor2d } from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';
import { relativeError } from '../closeness.ts';
import { describeOnEachBackend } from '../each-backend.ts';

const zeros = (n: number) => new Float64Array(n);

describeOnEachBackend('inverseFactor', () => {
  it('is upper triangular with Uᵀ U the inverse', () => {
    const before = memory().numTensors;
    // H = [[4, 2], [2, 3]], of which 3 is added later; H⁻¹ = [[3, −2], [−2, 4]] / 8
    const base = tensor2d([1, 2, 2, 0], [2, 2]);
    const factor = inverseFactor({ base, u: zeros(2), v: zeros(2) }, 3);
    const product = matMul(factor, factor, true, false);
    expect(relativeError(takeFloats(product), [3 / 8, -2 / 8, -2 / 8, 4 / 8])).toBeLessThan(1e-6);
    const values = takeFloats(factor);
    expect(values[2]).toBe(0);
    expect([values[0], values[3]].every((value) => value > 0)).toBe(true);
    base.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('takes the rank-two part as its own', () => {
    const u = Float64Array.of(1e4, 0);
    const v = Float64Array.of(5e3, 1e4);
    // base + u vᵀ + v uᵀ = [[10⁸ + 1, 10⁸], [10⁸, 10⁸ + 8]]: float32 has no number 10⁸ + 1
    const base = tensor2d([1, 0, 0, 1e8 + 8], [2, 2]);
    const factor = takeFloats(inverseFactor({ base, u, v }, 0));
    const determinant = 9e8 + 8;
    expect(factor[0] / Math.sqrt((1e8 + 8) / determinant)).toBeCloseTo(1, 6);
    expect(factor[3] * Math.sqrt(1e8 + 8)).toBeCloseTo(1, 6);
    base.dispose();
  });

  it('refuses a matrix that is not positive definite', () => {
    const before = memory().numTensors;
    const base = tensor2d([1, 2, 2, 1], [2, 2]);
    expect(() => inverseFactor({ base, u: zeros(2), v: zeros(2) }, 0)).toThrow(NotPositiveDefinite);
    base.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
