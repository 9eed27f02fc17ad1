import { backend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { InputMoments, inverseHessianDiagonal } from '../../../../src/engine/importance/hessian.ts';
import { accumulateSquares } from '../../../../src/engine/tensor/accumulate.ts';
import { openBackend, tryBackend } from '../../../../src/engine/tensor/backend.ts';
import { inverseDiagonal } from '../../../../src/engine/tensor/cholesky.ts';
import { matMul, memory, type Tensor2D } from '../../../../src/engine/tensor/ops.ts';
import { inversionFault } from '../../../../src/engine/tensor/webgpu/device-inversion.ts';
import { matrixOf } from '../../model/device.ts';
import { randomValues } from '../../random-values.ts';

const { usable } = await tryBackend('webgpu');

/** Numbers that cross between JavaScript and the device while `work` runs. */
function crossings(work: () => void): { up: number[]; down: number[] } {
  const up: number[] = [];
  const down: number[] = [];
  const current = backend();
  const read = vi.spyOn(current, 'readSync');
  const write = vi.spyOn(current, 'write');
  work();
  for (const { value } of read.mock.results) down.push((value as Float32Array).length);
  for (const [values] of write.mock.calls) if (values) up.push(values.length);
  read.mockRestore();
  write.mockRestore();
  return { up, down };
}

describe.skipIf(!usable)('on webgpu', () => {
  beforeAll(async () => {
    await openBackend('webgpu');
    expect(inversionFault()).toBeNull();
  });

  const inputs = 96;
  const batch = (seed: number) => matrixOf(randomValues(160 * inputs, seed), inputs);

  it('sums of products and of squares leave the device only when they are wanted', () => {
    const before = memory().numTensors;
    const batches = [batch(1), batch(2), batch(3)];
    const moments = new InputMoments(inputs);
    let squares: Tensor2D | null = null;
    const { up, down } = crossings(() => {
      for (const x of batches) {
        moments.accumulate(x);
        const g = matMul(x, x, true, false);
        squares = accumulateSquares(squares, g);
        g.dispose();
      }
    });
    expect(down).toEqual([]);
    expect(up.filter((numbers) => numbers > 1)).toEqual([]);
    for (const x of batches) x.dispose();
    (squares as Tensor2D | null)?.dispose();
    moments.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('of the inversion of a Hessian nothing is read but the result', () => {
    const moments = new InputMoments(inputs);
    const x = batch(1);
    moments.accumulate(x);
    x.dispose();
    const matrix = moments.takeMatrix();
    moments.dispose();
    const { up, down } = crossings(() => inverseDiagonal(matrix, 1));
    expect(down).toEqual([3 * inputs]);
    expect(Math.max(...up)).toBe(4 * inputs);
    matrix.base.dispose();
  });

  it('from its sum to diag(H⁻¹) a Hessian sends no matrix through JavaScript', () => {
    const moments = new InputMoments(inputs);
    const x = batch(1);
    moments.accumulate(x);
    x.dispose();
    const { up, down } = crossings(() => inverseHessianDiagonal(moments, 0.01));
    // Centre and shift, twice, and the diagonal; then the result.
    expect(down).toEqual([inputs, inputs, inputs, inputs, inputs, 3 * inputs]);
    expect(Math.max(...up)).toBe(4 * inputs);
    moments.dispose();
  });
});
