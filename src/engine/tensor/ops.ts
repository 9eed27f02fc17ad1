/** The tensor operations that the engine uses; each has a kernel on every backend. Float32 unless said otherwise. */
import { dispose as tfDispose } from '@tensorflow/tfjs-core';

export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
export {
  abs,
  add,
  addN,
  cast,
  concat,
  div,
  exp,
  gather,
  greater,
  keep,
  log,
  max,
  mean,
  memory,
  mul,
  neg,
  ones,
  onesLike,
  pad,
  reshape,
  rsqrt,
  sigmoid,
  slice,
  softmax,
  square,
  stridedSlice,
  sub,
  sum,
  tanh,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
  transpose,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
export { matMul } from './matrix-product.ts';

/** Frees the tensors in an object or array, however deep; what else is in there is passed over. */
export const dispose = tfDispose as (container: object) => void;
