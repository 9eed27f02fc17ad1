/** The tensor operations that the engine uses; each has a kernel on every backend. Float32 unless said otherwise. */
import {
  type Tensor2D,
  type Tensor3D,
  dispose as tfDispose,
  matMul as tfMatMul,
} from '@tensorflow/tfjs-core';

export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
export {
  abs,
  add,
  addN,
  concat,
  div,
  exp,
  gather,
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
  sub,
  sum,
  tanh,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  transpose,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** Frees the tensors in an object or array, however deep; what else is in there is passed over. */
export const dispose = tfDispose as (container: object) => void;

/** Product of matrices, or of stacks of them; the result has the operands' rank. */
export const matMul = tfMatMul as <T extends Tensor2D | Tensor3D>(
  a: T,
  b: T,
  transposeA?: boolean,
  transposeB?: boolean,
) => T;
