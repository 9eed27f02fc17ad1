import { getBackend, matMul as tfMatMul, tidy, transpose } from '@tensorflow/tfjs-core';
import { fusedMatMul, hasFusedKernels } from './fused-kernels.ts';
import type { Tensor2D, Tensor3D } from './ops.ts';
import { tensorflowBackend } from './tensorflow-backend.ts';

/**
 * Product of matrices, or of stacks of them; the result has the operands' rank. Where there are no kernels of our own,
 * TensorFlow's own operation for two matrices is up to a half faster than the one for stacks, which tfjs always takes.
 */
export function matMul<T extends Tensor2D | Tensor3D>(a: T, b: T, transposeA = false, transposeB = false): T {
  if (hasFusedKernels()) return fusedMatMul(a, b, transposeA, transposeB);
  if (getBackend() === 'wasm') return productOnWasm(a, b, transposeA, transposeB);
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

/** XNNPACK takes no transposed operand; what tfjs does with one takes ten times as long as the product of a transposed copy. */
function productOnWasm<T extends Tensor2D | Tensor3D>(
  a: T,
  b: T,
  transposeA: boolean,
  transposeB: boolean,
): T {
  return tidy(() => {
    const left = transposeA ? transposed(a) : a;
    if (!transposeB) return tfMatMul(left, b);
    const product = (left.size / left.shape[left.rank - 1]) * b.shape[b.rank - 2];
    // left bᵀ, or (b leftᵀ)ᵀ where b is the larger one to copy.
    return b.size <= left.size + product
      ? tfMatMul(left, transposed(b))
      : transposed(tfMatMul(b, transposed(left)));
  });
}

const transposed = <T extends Tensor2D | Tensor3D>(x: T): T =>
  transpose(x, x.rank === 2 ? [1, 0] : [0, 2, 1]) as T;
