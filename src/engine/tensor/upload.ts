import { slice, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import { makeRoomFor } from './reclaim.ts';

/** A matrix on the device at once; otherwise its values stay in memory too until it is first used. [rows, columns] */
export function uploadMatrix(values: Float32Array, [rows, columns]: readonly [number, number]): Tensor2D {
  makeRoomFor(4 * values.length);
  const matrix = tensor2d(values, [rows, columns]);
  slice(matrix, [0, 0], [1, 1]).dispose();
  return matrix;
}
