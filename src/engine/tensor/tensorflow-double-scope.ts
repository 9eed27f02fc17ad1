import type { SymmetricMatrix } from './cholesky.ts';
import type { Tensor } from './ops.ts';
import { type Attribute, tensorflowBackend } from './tensorflow-backend.ts';

/** TensorFlow's numbers for element types (types.proto). */
const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_INT32 = 3;

/** A float64 tensor of TensorFlow's, known by its id to the scope that made it. */
export type DoubleId = number;

/**
 * TensorFlow's float64 kernels, below tfjs. float64 crosses the binding as the sum of two float32 tensors, since it can
 * carry no other. Every tensor is the scope's own and goes with it.
 */
export class DoubleScope {
  private readonly tensorflow = tensorflowBackend();
  private readonly owned: number[] = [];
  private readonly double: Attribute;

  private constructor() {
    this.double = this.type('T', DT_DOUBLE);
  }

  /** Runs `work` and frees what it made. @returns null if a Cholesky factorisation in it failed */
  static run<T>(work: (scope: DoubleScope) => T): T | null {
    const scope = new DoubleScope();
    try {
      return work(scope);
    } catch (error) {
      if (String(error).includes('Cholesky decomposition was not successful')) return null;
      throw error;
    } finally {
      for (const id of scope.owned) scope.tensorflow.binding.deleteTensor(id);
    }
  }

  /** A + added · I, [n, n]. */
  matrixOf(a: SymmetricMatrix, added: number): DoubleId {
    const base = this.cast(this.tensorflow.getInputTensorIds([a.base])[0], DT_FLOAT, DT_DOUBLE);
    const rankTwo = this.sum(this.outer(a.u, a.v), this.outer(a.v, a.u));
    return this.sum(this.sum(base, rankTwo), this.identity(a.u.length, added));
  }

  /** value · I, [n, n] */
  identity(n: number, value = 1): DoubleId {
    return this.op('Diag', [this.double], this.upload([n], new Float64Array(n).fill(value)));
  }

  /** Lower L with L Lᵀ = A. */
  cholesky(a: DoubleId): DoubleId {
    return this.op('Cholesky', [this.double], a);
  }

  /** L⁻¹ for a lower triangular L, [n, n]. */
  inverseOfLower(l: DoubleId, n: number): DoubleId {
    const solve = [this.flag('lower', true), this.flag('adjoint', false), this.double];
    return this.op('MatrixTriangularSolve', solve, l, this.identity(n));
  }

  /** J A J: rows and columns in reverse order. */
  flip(a: DoubleId): DoubleId {
    return this.op('ReverseV2', [this.type('Tidx', DT_INT32), this.double], a, this.axes(0, 1));
  }

  /** Squared norm of each column. */
  columnSquares(a: DoubleId): DoubleId {
    const squares = this.op('Square', [this.double], a);
    const sum = [this.double, this.type('Tidx', DT_INT32), this.flag('keep_dims', false)];
    return this.op('Sum', sum, squares, this.axes(0));
  }

  download(id: DoubleId): Float64Array<ArrayBuffer> {
    const high = this.cast(id, DT_DOUBLE, DT_FLOAT);
    const rest = this.op('Sub', [this.double], id, this.cast(high, DT_FLOAT, DT_DOUBLE));
    const low = this.cast(rest, DT_DOUBLE, DT_FLOAT);
    const { binding } = this.tensorflow;
    const [upper, lower] = [high, low].map((part) => binding.tensorDataSync(part));
    return Float64Array.from(upper, (value, i) => value + lower[i]);
  }

  /** Rounded to float32, on the device; no longer the scope's. */
  toFloats(id: DoubleId): Tensor {
    const { binding } = this.tensorflow;
    return this.tensorflow.createOutputTensor(
      binding.executeOp('Cast', this.castAttributes(DT_DOUBLE, DT_FLOAT), [id], 1)[0],
    );
  }

  private upload(shape: number[], values: Float64Array): DoubleId {
    const high = Float32Array.from(values);
    const low = values.map((value, i) => value - high[i]);
    const [upper, lower] = [high, Float32Array.from(low)].map((part) =>
      this.cast(this.own(this.tensorflow.binding.createTensor(shape, DT_FLOAT, part)), DT_FLOAT, DT_DOUBLE),
    );
    return this.sum(upper, lower);
  }

  private outer(column: Float64Array, row: Float64Array): DoubleId {
    const n = column.length;
    return this.op('Mul', [this.double], this.upload([n, 1], column), this.upload([1, n], row));
  }

  private sum(x: DoubleId, y: DoubleId): DoubleId {
    return this.op('AddV2', [this.double], x, y);
  }

  private cast(id: number, from: number, to: number): number {
    return this.op('Cast', this.castAttributes(from, to), id);
  }

  private castAttributes(from: number, to: number): Attribute[] {
    return [this.type('SrcT', from), this.type('DstT', to), this.flag('Truncate', false)];
  }

  private axes(...axes: number[]): number {
    return this.own(this.tensorflow.binding.createTensor([axes.length], DT_INT32, Int32Array.from(axes)));
  }

  private op(name: string, attributes: Attribute[], ...inputs: number[]): number {
    return this.own(this.tensorflow.binding.executeOp(name, attributes, inputs, 1)[0].id);
  }

  private type(name: string, value: number): Attribute {
    return { name, type: this.tensorflow.binding.TF_ATTR_TYPE, value };
  }

  private flag(name: string, value: boolean): Attribute {
    return { name, type: this.tensorflow.binding.TF_ATTR_BOOL, value };
  }

  private own(id: number): number {
    this.owned.push(id);
    return id;
  }
}
