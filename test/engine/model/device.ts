import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from '../../../src/engine/tensor/ops.ts';

/** Float64 values on the device as a float32 matrix of so many columns. */
export const matrixOf = (values: Float64Array, columns: number): Tensor2D =>
  tensor2d(Float32Array.from(values), [values.length / columns, columns]);

export const vectorOf = (values: Float64Array): Tensor1D => tensor1d(Float32Array.from(values));
