import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { slice } from '@tensorflow/tfjs-core';
import { makeRoomFor } from './reclaim.ts';

/** Copies a float32 tensor from the device. */
export function readFloats(tensor: Tensor): Float32Array<ArrayBuffer> {
  makeRoomFor(4 * tensor.size);
  return tensor.dataSync<'float32'>() as Float32Array<ArrayBuffer>;
}

/** Copies a float32 tensor from the device and frees it there. */
export function takeFloats(tensor: Tensor): Float32Array<ArrayBuffer> {
  const values = readFloats(tensor);
  tensor.dispose();
  return values;
}

const ROW_BLOCK_BYTES = 16 * 2 ** 20;

/** The rows of a matrix in order, some megabytes at a time, [rows, columns] each; the caller disposes of them. */
export function* rowBlocks(matrix: Tensor2D, bytes: number = ROW_BLOCK_BYTES): Generator<Tensor2D> {
  const [rows, columns] = matrix.shape;
  const step = Math.max(1, Math.floor(bytes / (4 * columns)));
  for (let begin = 0; begin < rows; begin += step)
    yield slice(matrix, [begin, 0], [Math.min(step, rows - begin), columns]);
}
