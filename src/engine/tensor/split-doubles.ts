/** float64 numbers as the sums of two float32, 48 of their 53 bits: of each array its rounded values, then what is left of them. */
export function splitDoubles(arrays: readonly Float64Array[]): Float32Array<ArrayBuffer> {
  const n = arrays[0].length;
  const parts = new Float32Array(2 * n * arrays.length);
  for (const [i, values] of arrays.entries()) {
    const high = parts.subarray(2 * i * n, (2 * i + 1) * n);
    high.set(values);
    for (let k = 0; k < n; k++) parts[(2 * i + 1) * n + k] = values[k] - high[k];
  }
  return parts;
}
