import type { Tensor } from '@tensorflow/tfjs-core';

/** Copies a float32 tensor from the device. */
export function readFloats(tensor: Tensor): Float32Array<ArrayBuffer> {
  return tensor.dataSync<'float32'>() as Float32Array<ArrayBuffer>;
}

/** Copies a float32 tensor from the device and frees it there. */
export function takeFloats(tensor: Tensor): Float32Array<ArrayBuffer> {
  const values = readFloats(tensor);
  tensor.dispose();
  return values;
}
