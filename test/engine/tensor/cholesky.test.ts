import { expect, it } from 'vitest';
import { inverseDiagonal, NotPositiveDefinite } from '../../../src/engine/tensor/cholesky.ts';
import { memory, tensor2d } from '../../../src/engine/tensor/ops.ts';
import { relativeError } from '../closeness.ts';
import { casesOn, describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';
import { conditionedMatrix, invertByElimination } from './conditioned-matrix.ts';

const symmetric = (n: number, base: ArrayLike<number>, u = new Float64Array(n), v = new Float64Array(n)) => ({
  base: tensor2d(Float32Array.from(base), [n, n]),
  u,
  v,
});

/** A Gram matrix of random rows, with a shared part 100 times as large beside it; and what A + added · I inverts to. */
function randomCase(n: number, added: number) {
  const x = randomValues(2 * n * n, n);
  const base = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let t = 0; t < 2 * n; t++) base[i * n + j] += x[t * n + i] * x[t * n + j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) base[i * n + j] = base[j * n + i];
  const u = randomValues(n, 7).map((value) => 100 * value);
  const v = u.map((value, i) => 0.5 * value + 1e-3 * i);
  const whole = Array.from({ length: n }, (_, i) =>
    Float64Array.from(
      { length: n },
      (_, j) => base[i * n + j] + u[i] * v[j] + v[i] * u[j] + (i === j ? added : 0),
    ),
  );
  return { base, u, v, expected: invertByElimination(whole) };
}

const cases = [1, 2, 33, 64, 150].map((n) => ({ n, added: 0.05 * n, ...randomCase(n, 0.05 * n) }));

const rowsOf = (n: number, matrix: Float32Array) =>
  Array.from({ length: n }, (_, i) => Float64Array.from(matrix.subarray(i * n, (i + 1) * n)));

const conditioned = [8, 64, 200, 576].flatMap((n) =>
  [1e4, 1e5].map((condition) => {
    const base = conditionedMatrix(n, condition);
    return { n, condition, base, expected: invertByElimination(rowsOf(n, base)) };
  }),
);

describeOnEachBackend('inverseDiagonal', (backend) => {
  it.each(cases)(
    'is the diagonal of the inverse of a $n × $n matrix, in float64',
    ({ n, added, ...matrix }) => {
      const before = memory().numTensors;
      const a = symmetric(n, matrix.base, matrix.u, matrix.v);
      expect(relativeError(inverseDiagonal(a, added), matrix.expected)).toBeLessThan(1e-9);
      a.base.dispose();
      expect(memory().numTensors).toBe(before);
    },
  );

  it.each(casesOn(backend, conditioned, 6))(
    'keeps each of $n numbers where the condition number is $condition',
    ({ n, base, expected }) => {
      const a = symmetric(n, base);
      const found = inverseDiagonal(a, 0);
      a.base.dispose();
      for (const [i, value] of found.entries()) expect(Math.abs(value / expected[i] - 1)).toBeLessThan(1e-8);
    },
  );

  it('does not mind how large or small the inputs are', () => {
    const a = symmetric(3, [4e-30, 1e-30, 0, 1e-30, 1e-30, 0, 0, 0, 1e30]);
    expect(
      relativeError(
        inverseDiagonal(a, 0).map((x, i) => x * a.base.arraySync()[i][i]),
        [4 / 3, 4 / 3, 1],
      ),
    ).toBeLessThan(1e-6);
    a.base.dispose();
  });

  it('is exact for a diagonal matrix', () => {
    const a = symmetric(3, [4, 0, 0, 0, 0.25, 0, 0, 0, 1]);
    expect([...inverseDiagonal(a, 0)]).toEqual([0.25, 4, 1]);
    expect(relativeError(inverseDiagonal(a, 1), [0.2, 0.8, 0.5])).toBeLessThan(1e-14);
  });

  it.each([
    ['indefinite', [1, 2, 2, 1]],
    ['negative', [-1, 0, 0, -1]],
    ['zero', [0, 0, 0, 0]],
    ['singular', [1, 1, 1, 1]],
    ['not a number', [1, Number.NaN, Number.NaN, 1]],
    ['infinite', [Infinity, 0, 0, 1]],
  ])('refuses a matrix that is %s', (_, base) => {
    expect(() => inverseDiagonal(symmetric(2, base), 0)).toThrow(NotPositiveDefinite);
  });

  it('works again after a refusal', () => {
    expect(() => inverseDiagonal(symmetric(2, [0, 0, 0, 0]), 0)).toThrow(NotPositiveDefinite);
    expect([...inverseDiagonal(symmetric(2, [16, 0, 0, 4]), 0)]).toEqual([1 / 16, 1 / 4]);
  });
});
