import { expect, it } from 'vitest';
import { GramMatrix } from '../../../src/engine/tensor/gram-matrix.ts';
import { add, matMul, memory, type Tensor2D } from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';
import { relativeError } from '../closeness.ts';
import { casesOn, describeOnEachBackend } from '../each-backend.ts';
import { matrixOf } from '../model/device.ts';
import { randomValues } from '../random-values.ts';

describeOnEachBackend('GramMatrix', (backend) => {
  // 1024 and more columns are taken in blocks; 1030 does not divide by their number.
  it.each(casesOn(backend, [3, 1030, 1024]))('of %i columns is Σ xᵀ x', (size) => {
    const before = memory().numTensors;
    const gram = new GramMatrix(size);
    const batches = [matrixOf(randomValues(2 * size, 1), size), matrixOf(randomValues(3 * size, 2), size)];
    for (const x of batches) gram.accumulate(x);
    const products = batches.map((x) => matMul(x, x, true, false));
    const expected = takeFloats(add(products[0], products[1]) as Tensor2D);
    expect(
      relativeError(
        gram.diagonal(),
        expected.filter((_, i) => i % (size + 1) === 0),
      ),
    ).toBeLessThan(1e-6);
    expect(relativeError(takeFloats(gram.takeMatrix()), expected)).toBeLessThan(1e-6);
    for (const tensor of [...products, ...batches]) tensor.dispose();
    gram.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('is exactly symmetric', () => {
    const size = 1027;
    const gram = new GramMatrix(size);
    const x = matrixOf(randomValues(5 * size, 3), size);
    gram.accumulate(x);
    const values = takeFloats(gram.takeMatrix());
    for (let i = 0; i < size; i += 41) {
      for (let j = 0; j < size; j += 13)
        if (values[i * size + j] !== values[j * size + i]) expect([i, j]).toBeNull();
    }
    x.dispose();
    gram.dispose();
  });
});
