import { getBackend } from '@tensorflow/tfjs-core';
import { addInPlace, addSquaresInPlace, hasFusedKernels } from './fused-kernels.ts';
import { add, square, type Tensor, tidy } from './ops.ts';
import { webgpuAddInPlace, webgpuAddSquaresInPlace } from './webgpu/running-sums.ts';

/** total + term, where it can be in total's own memory. Both are consumed; null is an empty sum. */
export function accumulate<T extends Tensor>(total: T | null | undefined, term: T): T {
  if (!total) return term;
  const inPlace = kernels();
  if (inPlace) {
    inPlace.add(total, term);
    term.dispose();
    return total;
  }
  const next = add(total, term) as T;
  total.dispose();
  term.dispose();
  return next;
}

/** total + x², where it can be in total's own memory. `total` is consumed, x is not; null is an empty sum. */
export function accumulateSquares<T extends Tensor>(total: T | null | undefined, x: T): T {
  if (!total) return square(x) as T;
  const inPlace = kernels();
  if (inPlace) {
    inPlace.addSquares(total, x);
    return total;
  }
  const next = tidy(() => add(total, square(x)) as T);
  total.dispose();
  return next;
}

interface InPlace {
  /** total += x */
  add(total: Tensor, x: Tensor): void;
  /** total += x² */
  addSquares(total: Tensor, x: Tensor): void;
}

/** null where the backend has no such kernels. */
function kernels(): InPlace | null {
  if (hasFusedKernels()) return { add: addInPlace, addSquares: addSquaresInPlace };
  if (getBackend() === 'webgpu') return { add: webgpuAddInPlace, addSquares: webgpuAddSquaresInPlace };
  return null;
}
