import { fusedColumnSums, hasFusedKernels } from './fused-kernels.ts';
import { square, sum, type Tensor1D, type Tensor2D, tidy } from './ops.ts';

/** Σ x over the rows of x [N, D]; [D]. */
export const columnSums = (x: Tensor2D): Tensor1D =>
  hasFusedKernels() ? fusedColumnSums(x, false) : (sum(x, 0) as Tensor1D);

/** Σ x² over the rows of x [N, D]; [D]. */
export const columnSquares = (x: Tensor2D): Tensor1D =>
  hasFusedKernels() ? fusedColumnSums(x, true) : tidy(() => sum(square(x), 0) as Tensor1D);
