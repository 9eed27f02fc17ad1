import { getBackend } from '@tensorflow/tfjs-core';
import { addInPlace, hasFusedKernels } from './fused-kernels.ts';
import { add, square, type Tensor, tidy } from './ops.ts';
import { webgpuAddInPlace, webgpuAddSquaresInPlace } from './webgpu/running-sums.ts';

/** total + term, where it can be in total's own memory. Both are consumed; null is an empty sum. */
export function accumulate<T extends Tensor>(total: T | null | undefined, term: T): T {
  if (!total) return term;
  const addTo = addingInPlace();
  if (addTo) {
    addTo(total, term);
    term.dispose();
    return total;
  }
  const next = add(total, term) as T;
  total.dispose();
  term.dispose();
  return next;
}

/** null where the backend has no such kernel. */
function addingInPlace(): ((total: Tensor, x: Tensor) => void) | null {
  if (hasFusedKernels()) return addInPlace;
  return getBackend() === 'webgpu' ? webgpuAddInPlace : null;
}

/**
 * total + x², where it can be in total's own memory. `total` is consumed, x is not; null is an empty sum. Where there are
 * fused kernels, gradients are squared within their product instead (`addSquaredGradientsInPlace`).
 */
export function accumulateSquares<T extends Tensor>(total: T | null | undefined, x: T): T {
  if (!total) return square(x) as T;
  if (getBackend() === 'webgpu') {
    webgpuAddSquaresInPlace(total, x);
    return total;
  }
  const next = tidy(() => add(total, square(x)) as T);
  total.dispose();
  return next;
}
