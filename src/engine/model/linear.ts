import { fewRowsLinear, hasFusedKernels } from '../tensor/fused-kernels.ts';
import { matMul, type Tensor2D } from '../tensor/ops.ts';

/** Up to so many rows the time goes into reading the weight. */
const FEW_ROWS = 8;

/** x weightᵀ: [N, inputs] and [outputs, inputs] to [N, outputs]. */
export function linearForward(x: Tensor2D, weight: Tensor2D): Tensor2D {
  const few = x.shape[0] <= FEW_ROWS && hasFusedKernels();
  return few ? fewRowsLinear(x, weight) : matMul(x, weight, false, true);
}
