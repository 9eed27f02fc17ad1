/**
 * Inverts matrices of known condition on a backend and compares with TensorFlow's float64 on the processor.
 *
 *   node bench/inversion.ts --backend webgpu --sizes 64,200,576 --conditions 1e4,1e5
 */
import { parseArgs } from 'node:util';
import { type BackendName, openBackend } from '../src/engine/tensor/backend.ts';
import { inverseDiagonal } from '../src/engine/tensor/cholesky.ts';
import { inverseFactor } from '../src/engine/tensor/inverse-factor.ts';
import { memory, tensor2d } from '../src/engine/tensor/ops.ts';
import { takeFloats } from '../src/engine/tensor/read.ts';
import { conditionedMatrix } from '../test/engine/tensor/conditioned-matrix.ts';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'webgpu' },
    sizes: { type: 'string', default: '64,200,576' },
    conditions: { type: 'string', default: '1e4,1e5' },
  },
});

interface Inverted {
  readonly diagonal: Float64Array;
  readonly factor: Float32Array;
  readonly diagonalMs: number;
  readonly factorMs: number;
}

async function invertOn(backend: BackendName, n: number, values: Float32Array): Promise<Inverted> {
  await openBackend(backend);
  const matrix = { base: tensor2d(values, [n, n]), u: new Float64Array(n), v: new Float64Array(n) };
  inverseDiagonal(matrix, 1); // what has to be compiled is
  const start = performance.now();
  const diagonal = inverseDiagonal(matrix, 0);
  const diagonalMs = performance.now() - start;
  const factor = takeFloats(inverseFactor(matrix, 0));
  const factorMs = performance.now() - start - diagonalMs;
  matrix.base.dispose();
  return { diagonal, factor, diagonalMs, factorMs };
}

/** The largest difference, relative to each number and to the largest of all. */
function apart(found: ArrayLike<number>, expected: ArrayLike<number>): { each: number; largest: number } {
  let each = 0;
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const by = Math.abs(found[i] - expected[i]);
    if (expected[i] !== 0) each = Math.max(each, by / Math.abs(expected[i]));
    difference = Math.max(difference, by);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return { each, largest: difference / largest };
}

const list = (text: string): number[] => text.split(',').map(Number);

const rows: Record<string, string | number>[] = [];
for (const n of list(options.sizes)) {
  for (const condition of list(options.conditions)) {
    const values = conditionedMatrix(n, condition);
    const reference = await invertOn('tensorflow', n, values);
    const before = memory().numTensors;
    const found = await invertOn(options.backend as BackendName, n, values);
    const diagonal = apart(found.diagonal, reference.diagonal);
    rows.push({
      n,
      condition,
      'diagonal, each': diagonal.each.toExponential(1),
      'diagonal, of the largest': diagonal.largest.toExponential(1),
      'factor, of the largest': apart(found.factor, reference.factor).largest.toExponential(1),
      'diagonal, s': (found.diagonalMs / 1000).toFixed(2),
      'factor, s': (found.factorMs / 1000).toFixed(2),
      'float64, s': (reference.diagonalMs / 1000).toFixed(2),
      'tensors left': memory().numTensors - before,
    });
  }
}
console.table(rows);
