/**
 * Gives a large array's memory back now. The collector frees an array only once nothing refers to it, and a loop that has yielded
 * it or been given it still does, out of sight, while the next one is made. Whoever looks at it afterwards finds it empty.
 */
export function freeArray(array: Float32Array<ArrayBuffer>): void {
  array.buffer.transfer(0);
}
