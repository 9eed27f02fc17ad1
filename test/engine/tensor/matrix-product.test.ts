import { expect, it } from 'vitest';
import { matMul } from '../../../src/engine/tensor/matrix-product.ts';
import { memory, type Tensor2D, tensor3d } from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';
import { relativeError } from '../closeness.ts';
import { casesOn, describeOnEachBackend } from '../each-backend.ts';
import { matrixOf } from '../model/device.ts';
import { randomValues } from '../random-values.ts';

interface Shape {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/** Around the sizes of tiles (6 or 12 rows, 8 to 32 columns), and of sums that are taken in parts (768 terms). */
const SHAPES: readonly Shape[] = [
  { rows: 13, depth: 17, columns: 33 },
  { rows: 1, depth: 1, columns: 1 },
  { rows: 24, depth: 32, columns: 64 },
  { rows: 25, depth: 1601, columns: 65 },
  { rows: 400, depth: 70, columns: 31 },
];

const TRANSPOSED = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** a [rows, depth] or its transpose times b [depth, columns] or its transpose, in float64. */
function product(a: Float64Array, b: Float64Array, shape: Shape, [acrossA, acrossB]: readonly boolean[]) {
  const { rows, depth, columns } = shape;
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let sum = 0;
    for (let k = 0; k < depth; k++)
      sum +=
        a[acrossA ? k * rows + row : row * depth + k] *
        b[acrossB ? column * depth + k : k * columns + column];
    return sum;
  });
}

describeOnEachBackend('matMul', (backend) => {
  for (const shape of casesOn(backend, SHAPES)) {
    const { rows, depth, columns } = shape;
    for (const across of TRANSPOSED) {
      const title = `[${rows}, ${depth}]${across[0] ? 'ᵀ' : ''} × [${depth}, ${columns}]${across[1] ? 'ᵀ' : ''}`;

      it(`${title} is the sum of products, to float32`, () => {
        const [a, b] = [randomValues(rows * depth, 1), randomValues(depth * columns, 2)];
        const before = memory().numTensors;
        const [left, right] = [
          matrixOf(a, across[0] ? rows : depth),
          matrixOf(b, across[1] ? depth : columns),
        ];
        const y = matMul<Tensor2D>(left, right, ...across);
        expect(y.shape).toEqual([rows, columns]);
        expect(relativeError(takeFloats(y), product(a, b, shape, across))).toBeLessThan(3e-6);
        left.dispose();
        right.dispose();
        expect(memory().numTensors).toBe(before);
      });

      it(`a stack of ${title} is the stack of their products`, () => {
        const count = 3;
        const [a, b] = [randomValues(count * rows * depth, 3), randomValues(count * depth * columns, 4)];
        const left = tensor3d(Float32Array.from(a), across[0] ? [count, depth, rows] : [count, rows, depth]);
        const right = tensor3d(
          Float32Array.from(b),
          across[1] ? [count, columns, depth] : [count, depth, columns],
        );
        const found = takeFloats(matMul(left, right, ...across));
        for (let i = 0; i < count; i++) {
          const part = <T extends Float64Array | Float32Array>(values: T, size: number) =>
            values.subarray(i * size, (i + 1) * size) as T;
          const expected = product(part(a, rows * depth), part(b, depth * columns), shape, across);
          expect(relativeError(part(found, rows * columns), expected), `${i}`).toBeLessThan(3e-6);
        }
        left.dispose();
        right.dispose();
      });
    }
  }

  it('keeps what is not a number to its own row and column', () => {
    const a = matrixOf(Float64Array.of(1, 2, Number.NaN, 4), 2);
    const b = matrixOf(Float64Array.of(1, 1, 1, 1), 2);
    expect([...takeFloats(matMul(a, b))]).toEqual([3, 3, Number.NaN, Number.NaN]);
    a.dispose();
    b.dispose();
  });
});
