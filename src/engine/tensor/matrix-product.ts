import { getBackend, matMul as tfMatMul } from '@tensorflow/tfjs-core';
import { fusedMatMul, hasFusedKernels } from './fused-kernels.ts';
import type { Tensor2D, Tensor3D } from './ops.ts';
import { tensorflowBackend } from './tensorflow-backend.ts';

/**
 * Product of matrices, or of stacks of them; the result has the operands' rank. Where there are no kernels of our own,
 * TensorFlow's own operation for two matrices is up to a half faster than the one for stacks, which tfjs always takes.
 */
export function matMul<T extends Tensor2D | Tensor3D>(a: T, b: T, transposeA = false, transposeB = false): T {
  if (hasFusedKernels()) return fusedMatMul(a, b, transposeA, transposeB);
  if (a.rank !== 2 || getBackend() !== 'tensorflow') return tfMatMul(a, b, transposeA, transposeB);
  const tensorflow = tensorflowBackend();
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = tensorflow.binding;
  const attributes = [
    { name: 'transpose_a', type: TF_ATTR_BOOL, value: transposeA },
    { name: 'transpose_b', type: TF_ATTR_BOOL, value: transposeB },
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
  ];
  return tensorflow.executeSingleOutput('MatMul', attributes, [a, b]) as T;
}
