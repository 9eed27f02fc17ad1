import { expect, it } from 'vitest';
import { InputMoments } from '../../../src/engine/importance/hessian.ts';
import { solveKept } from '../../../src/engine/pruning/exact-update.ts';
import { prunedBy } from '../../../src/engine/pruning/mask.ts';
import type { GroupToPrune } from '../../../src/engine/pruning/methods/pruning-method.ts';
import { memory, tensor2d } from '../../../src/engine/tensor/ops.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { randomValues } from '../random-values.ts';

const [ROWS, COLUMNS, TOKENS] = [6, 8, 40];
const DAMPING = 0.01;

/** Inputs with much in common, as a language model's are; `dead` is 0 for every token. */
function inputsWith(dead: number | null): number[][] {
  const values = randomValues(TOKENS * COLUMNS, 1);
  return Array.from({ length: TOKENS }, (_, t) =>
    Array.from({ length: COLUMNS }, (_, j) => (j === dead ? 0 : 1 + values[t * COLUMNS + j])),
  );
}

function groupOf(x: readonly (readonly number[])[], weight: Float32Array<ArrayBuffer>): GroupToPrune {
  const moments = new InputMoments(COLUMNS);
  const batch = tensor2d(x.flat(), [x.length, COLUMNS]);
  moments.accumulate(batch);
  batch.dispose();
  return {
    layer: 3,
    group: 'attentionInput',
    linears: [
      { linear: 'qProj', name: 'q', begin: 0, end: 4 },
      { linear: 'kProj', name: 'k', begin: 4, end: 6 },
    ],
    weight: tensor2d(weight, [ROWS, COLUMNS]),
    weightValues: weight,
    inputs: { squares: moments.squares(), moments },
    grouping: { sparsity: 0.5, blockColumns: null },
  };
}

/** Σ x xᵀ, damped. */
function dampedMoments(x: readonly (readonly number[])[]): number[][] {
  const sums = Array.from({ length: COLUMNS }, (_, i) =>
    Array.from({ length: COLUMNS }, (_, j) => x.reduce((sum, row) => sum + row[i] * row[j], 0)),
  );
  const mean = sums.reduce((sum, row, i) => sum + row[i], 0) / COLUMNS;
  return sums.map((row, i) => row.map((value, j) => value + (i === j ? DAMPING * mean : 0)));
}

/** The least of (w⁰ − w) A (w⁰ − w)ᵀ where the pruned are 0, by relaxing one weight at a time until nothing moves. */
function relaxed(a: readonly (readonly number[])[], original: Float32Array, pruned: Uint8Array): number[] {
  const w = Array.from(original, (value, j) => (pruned[j] ? 0 : value));
  for (let round = 0; round < 20_000; round++) {
    for (let j = 0; j < w.length; j++) {
      if (pruned[j]) continue;
      const gradient = a[j].reduce((sum, value, k) => sum + value * (original[k] - w[k]), 0);
      w[j] += gradient / a[j][j];
    }
  }
  return w;
}

const valuesIn = (
  x: readonly (readonly number[])[],
  weight: Float32Array<ArrayBuffer>,
  pruned: Uint8Array,
) => {
  const group = groupOf(x, weight);
  const { matrices } = solveKept(group, pruned, DAMPING);
  group.inputs?.moments?.dispose();
  group.weight.dispose();
  expect(matrices.flatMap(({ mask }) => [...prunedBy(mask)])).toEqual([...pruned]);
  return Float32Array.from(matrices.flatMap(({ values }) => [...(values ?? [])]));
};

describeOnEachBackend('the exact update', () => {
  const weight = Float32Array.from(randomValues(ROWS * COLUMNS, 2));
  const pruned = Uint8Array.from(randomValues(ROWS * COLUMNS, 3), (value) => Number(value > 0));

  it('gives the weights with the least error that the mask allows, and keeps no memory', () => {
    const before = memory().numTensors;
    const x = inputsWith(null);
    const found = valuesIn(x, weight, pruned);
    const a = dampedMoments(x);
    for (let begin = 0; begin < weight.length; begin += COLUMNS) {
      const row = [begin, begin + COLUMNS] as const;
      const expected = relaxed(a, weight.subarray(...row), pruned.subarray(...row));
      for (const [j, value] of expected.entries()) expect(found[begin + j]).toBeCloseTo(value, 3);
    }
    expect(memory().numTensors).toBe(before);
  });

  it('leaves +0 where a weight is pruned, and a row of which none is', () => {
    const whole = Uint8Array.from(pruned, (flag, m) => (m < COLUMNS ? 0 : flag));
    const found = valuesIn(inputsWith(null), weight, whole);
    for (const [m, flag] of whole.entries()) if (flag) expect(Object.is(found[m], 0)).toBe(true);
    expect(found.subarray(0, COLUMNS)).toEqual(weight.subarray(0, COLUMNS));
  });

  it('leaves a weight whose input is always 0 as it is', () => {
    const found = valuesIn(inputsWith(2), weight, new Uint8Array(pruned).fill(0).fill(1, 0, 2));
    for (let m = 2; m < weight.length; m += COLUMNS) expect(found[m]).toBeCloseTo(weight[m], 6);
  });

  it('names the layer whose inputs are not finite', () => {
    const x = inputsWith(null);
    x[5][5] = Number.NaN;
    expect(() => valuesIn(x, weight, pruned)).toThrow(/layer 3, attentionInput: the Hessian/);
  });
});
