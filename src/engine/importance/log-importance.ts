import { abs, add, log, mul, reshape, slice, type Tensor2D, tensor1d, tidy } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';

/** So many are on the device at once, with what is computed of them: they stay in the processor's caches. */
const AT_ONCE = 2 ** 20;

/** log of importances, on the device, which is faster at it; −∞ for 0. */
export function logImportance(importance: Float32Array): Float32Array<ArrayBuffer> {
  makeRoomFor(4 * importance.length);
  const logs = new Float32Array(importance.length);
  for (let begin = 0; begin < logs.length; begin += AT_ONCE) {
    logs.set(takeFloats(tidy(() => log(tensor1d(importance.subarray(begin, begin + AT_ONCE))))), begin);
  }
  return logs;
}

/**
 * Domain importance H_F · W², the loss of removing a weight by the empirical Fisher alone (up to the factor ½), as a
 * logarithm: log H_F + 2 log |W|, which does not underflow.
 * @param fisher [outputs, inputs] row-major
 * @param weight whose rows from `firstRow` on are that matrix
 */
export function logDomainImportance(
  fisher: Float32Array,
  weight: Tensor2D,
  firstRow = 0,
): Float32Array<ArrayBuffer> {
  const columns = weight.shape[1];
  const step = Math.max(1, Math.floor(AT_ONCE / columns));
  makeRoomFor(4 * fisher.length);
  const logs = new Float32Array(fisher.length);
  for (let row = 0; row * columns < fisher.length; row += step) {
    const part = fisher.subarray(row * columns, (row + step) * columns);
    const rows = slice(weight, [firstRow + row, 0], [part.length / columns, columns]);
    const found = tidy(() => add(log(tensor1d(part)), mul(log(abs(reshape(rows, [-1]))), 2)));
    rows.dispose();
    logs.set(takeFloats(found), row * columns);
  }
  return logs;
}
