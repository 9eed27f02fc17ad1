/** Gives the values anew, in parts, each time it is called. */
export type ValueParts = () => AsyncIterable<Float32Array>;

/**
 * Median of non-negative float32 values that do not fit in memory together, in two passes: bits of a non-negative
 * float order like the float, so the middle value is found by its upper, then its lower 16 bits. Of an even number
 * of values, the mean of the middle two.
 */
export async function streamedMedian(parts: ValueParts): Promise<number> {
  const upper = await countBits(parts, (bits) => bits >>> 16);
  const total = upper.reduce((sum, count) => sum + count, 0);
  const lowMiddle = await valueAt(parts, upper, Math.ceil(total / 2));
  const highMiddle = total % 2 === 1 ? lowMiddle : await valueAt(parts, upper, total / 2 + 1);
  return (lowMiddle + highMiddle) / 2;
}

/** The `rank`-th lowest value, counted from 1. */
async function valueAt(parts: ValueParts, upper: Float64Array, rank: number): Promise<number> {
  const high = find(upper, rank);
  const lower = await countBits(parts, (bits) => (bits >>> 16 === high.bucket ? bits & 0xffff : -1));
  const low = find(lower, rank - high.below);
  return new Float32Array(Uint32Array.of(high.bucket * 65536 + low.bucket).buffer)[0];
}

async function countBits(parts: ValueParts, bucketOf: (bits: number) => number): Promise<Float64Array> {
  const counts = new Float64Array(65536);
  for await (const values of parts()) {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < bits.length; i++) {
      const bucket = bucketOf(bits[i]);
      if (bucket >= 0) counts[bucket]++;
    }
  }
  return counts;
}

function find(counts: Float64Array, rank: number): { bucket: number; below: number } {
  let below = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (below + counts[bucket] >= rank) return { bucket, below };
    below += counts[bucket];
  }
  throw new RangeError(`no value of rank ${rank} among ${below}`);
}
