import { abs, add, log, mul, type Tensor2D, tensor1d, tensor2d, tidy } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';

/** log of importances, on the device, which is faster at it; −∞ for 0. */
export const logImportance = (importance: Float32Array): Float32Array<ArrayBuffer> =>
  takeFloats(tidy(() => log(tensor1d(importance))));

/**
 * Domain importance H_F · W², the loss of removing a weight by the empirical Fisher alone (up to the factor ½), as a
 * logarithm: log H_F + 2 log |W|, which does not underflow.
 * @param fisher [outputs, inputs] row-major
 */
export const logDomainImportance = (fisher: Float32Array, weight: Tensor2D): Float32Array<ArrayBuffer> =>
  takeFloats(tidy(() => add(log(tensor2d(fisher, weight.shape)), mul(log(abs(weight)), 2))));
