import { reshape, stridedSlice, type Tensor, type Tensor1D, type Tensor2D, tidy } from './ops.ts';

/** The diagonal of a matrix that is at least as wide as it is high, [rows]; taken on the device, which has the matrix. */
export const diagonalOf = (matrix: Tensor2D): Tensor1D =>
  tidy(() => {
    const [rows, columns] = matrix.shape;
    const flat: Tensor = reshape(matrix, [rows * columns]);
    return stridedSlice(flat, [0], [rows * columns], [columns + 1]) as Tensor1D;
  });
