import { addInPlace, addSquaresInPlace, hasFusedKernels } from './fused-kernels.ts';
import { add, square, type Tensor, tidy } from './ops.ts';

/** total + term, where it can be in total's own memory. Both are consumed; null is an empty sum. */
export function accumulate<T extends Tensor>(total: T | null | undefined, term: T): T {
  if (!total) return term;
  if (hasFusedKernels()) {
    addInPlace(total, term);
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
  if (hasFusedKernels()) {
    addSquaresInPlace(total, x);
    return total;
  }
  const next = tidy(() => add(total, square(x)) as T);
  total.dispose();
  return next;
}
