import { backend } from '@tensorflow/tfjs-core';
import type { SymmetricMatrix } from './cholesky.ts';
import type { Tensor2D } from './ops.ts';

/** TensorFlow's numbers for element types (types.proto). */
const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_INT32 = 3;

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** What is used of tfjs-node's backend: float64, which tfjs has no tensors of, exists only below it. */
interface TensorflowBackend {
  getInputTensorIds(tensors: Tensor2D[]): number[];
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    executeOp(name: string, attributes: Attribute[], inputs: number[], outputs: number): { id: number }[];
    createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array): number;
    tensorDataSync(id: number): Float32Array<ArrayBuffer>;
    deleteTensor(id: number): void;
  };
}

/**
 * diag((A + added · I)⁻¹) by TensorFlow's float64 kernels, [n]; null if the factorisation fails. float64 crosses the
 * binding as the sum of two float32 tensors, since it can carry no other.
 */
export function tensorflowInverseDiagonal(
  a: SymmetricMatrix,
  added: number,
): Float64Array<ArrayBuffer> | null {
  const tensorflow = backend() as unknown as TensorflowBackend;
  const { binding } = tensorflow;
  const n = a.base.shape[0];
  const owned: number[] = [];
  const own = (id: number): number => {
    owned.push(id);
    return id;
  };
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const flag = (name: string, value: boolean) => ({ name, type: binding.TF_ATTR_BOOL, value });
  const double = type('T', DT_DOUBLE);
  const run = (op: string, attributes: Attribute[], ...inputs: number[]): number =>
    own(binding.executeOp(op, attributes, inputs, 1)[0].id);
  const cast = (id: number, from: number, to: number) =>
    run('Cast', [type('SrcT', from), type('DstT', to), flag('Truncate', false)], id);
  const sum = (x: number, y: number) => run('AddV2', [double], x, y);
  const upload = (shape: number[], values: Float64Array): number => {
    const high = Float32Array.from(values);
    const low = values.map((value, i) => value - high[i]);
    const [upper, lower] = [high, Float32Array.from(low)].map((part) =>
      cast(own(binding.createTensor(shape, DT_FLOAT, part)), DT_FLOAT, DT_DOUBLE),
    );
    return sum(upper, lower);
  };
  const download = (id: number): Float64Array<ArrayBuffer> => {
    const high = cast(id, DT_DOUBLE, DT_FLOAT);
    const low = cast(run('Sub', [double], id, cast(high, DT_FLOAT, DT_DOUBLE)), DT_DOUBLE, DT_FLOAT);
    const [upper, lower] = [high, low].map((part) => binding.tensorDataSync(part));
    return Float64Array.from(upper, (value, i) => value + lower[i]);
  };
  const constantDiagonal = (value: number) =>
    run('Diag', [double], upload([n], new Float64Array(n).fill(value)));
  const outer = (column: Float64Array, row: Float64Array) =>
    run('Mul', [double], upload([n, 1], column), upload([1, n], row));
  try {
    const base = cast(tensorflow.getInputTensorIds([a.base])[0], DT_FLOAT, DT_DOUBLE);
    const matrix = sum(sum(base, outer(a.u, a.v)), outer(a.v, a.u));
    const factor = run('Cholesky', [double], sum(matrix, constantDiagonal(added)));
    const solve = [flag('lower', true), flag('adjoint', false), double];
    const squares = run('Square', [double], run('MatrixTriangularSolve', solve, factor, constantDiagonal(1)));
    const axis = own(binding.createTensor([1], DT_INT32, Int32Array.of(0)));
    return download(run('Sum', [double, type('Tidx', DT_INT32), flag('keep_dims', false)], squares, axis));
  } catch (error) {
    if (String(error).includes('Cholesky decomposition was not successful')) return null;
    throw error;
  } finally {
    for (const id of owned) binding.deleteTensor(id);
  }
}
