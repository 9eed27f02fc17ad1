import { run } from './fused-kernels.ts';
import type { Tensor2D } from './ops.ts';
import { makeRoomFor } from './reclaim.ts';

/** Rows in which removed and kept weights change places; see `native/swap-kernels.cc`. */
export interface RowsToSwap {
  /** [R, n] */
  readonly sizes: Tensor2D;
  /** [n, n] */
  readonly correlation: Tensor2D;
  /** Of the removed weights' sizes and the correlation, [R, n]. */
  readonly products: Tensor2D;
  /** int32 [R, n]: 1 where a weight is removed. */
  readonly removed: Tensor2D;
}

/** @returns 1 where a weight is removed in the end, [R, n] row-major */
export function swapRemoved({ sizes, correlation, products, removed }: RowsToSwap, span: number): Int32Array {
  const [flags] = run('DprunerSwapRemoved', { span }, [sizes, correlation, products, removed], 1);
  makeRoomFor(4 * flags.size);
  const values = flags.dataSync<'int32'>();
  flags.dispose();
  return values;
}
