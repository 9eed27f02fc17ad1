import { matMul, type Tensor2D } from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';

/**
 * Gradient of a linear layer's weight: dW = dYᵀ X.
 * @param input X, [N, inputs]
 * @param dOutput gradient at Y = X Wᵀ, [N, outputs]
 * @returns [outputs, inputs], row-major
 */
export const weightGradient = (input: Tensor2D, dOutput: Tensor2D): Float32Array<ArrayBuffer> =>
  takeFloats(matMul(dOutput, input, true, false));
