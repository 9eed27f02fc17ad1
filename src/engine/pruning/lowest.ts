/**
 * Marks the k lowest keys, ties broken by the lower index; so the result is a pure function of the keys.
 * The k-th lowest is found without a sort: of many by two counting passes over the keys' bits.
 * @param keys any finite float32 values, −∞ allowed
 * @returns 1 where the key is among the k lowest, else 0
 */
export function lowest(keys: Float32Array, k: number): Uint8Array {
  const chosen = new Uint8Array(keys.length);
  if (k <= 0) return chosen;
  const { threshold, below } = kthLowest(keys, k);
  let ties = k - below;
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length);
  for (let i = 0; i < bits.length; i++) {
    const rank = sortable(bits[i]);
    if (rank < threshold) chosen[i] = 1;
    else if (rank === threshold && ties > 0) {
      chosen[i] = 1;
      ties--;
    }
  }
  return chosen;
}

/** Up to so many keys the counting's two tables of 65536 entries would cost more than the keys. */
const FEW_KEYS = 16384;
/** Keys of few: how many begin with the same 12 bits (sign, exponent, three more). */
const alike = new Uint16Array(4096);

/** The k-th lowest key's rank, and how many keys lie below it. */
function kthLowest(keys: Float32Array, k: number): { threshold: number; below: number } {
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length);
  if (bits.length <= FEW_KEYS) return kthOfFew(bits, k);
  const high = new Uint32Array(65536);
  for (let i = 0; i < bits.length; i++) high[sortable(bits[i]) >>> 16]++;
  const upper = findBucket(high, k);
  const low = new Uint32Array(65536);
  for (let i = 0; i < bits.length; i++) {
    const rank = sortable(bits[i]);
    if (rank >>> 16 === upper.bucket) low[rank & 0xffff]++;
  }
  const lower = findBucket(low, k - upper.below);
  return { threshold: upper.bucket * 65536 + lower.bucket, below: upper.below + lower.below };
}

/** One counting pass finds those that begin as the k-th does; they are few enough to be sorted. */
function kthOfFew(bits: Uint32Array, k: number): { threshold: number; below: number } {
  alike.fill(0);
  for (let i = 0; i < bits.length; i++) alike[sortable(bits[i]) >>> 20]++;
  const { bucket, below } = findBucket(alike, k);
  const ranks = new Uint32Array(alike[bucket]);
  for (let i = 0, found = 0; found < ranks.length; i++) {
    const rank = sortable(bits[i]);
    if (rank >>> 20 === bucket) ranks[found++] = rank;
  }
  const threshold = ranks.sort()[k - below - 1];
  return { threshold, below: below + ranks.indexOf(threshold) };
}

function findBucket(counts: Uint16Array | Uint32Array, k: number): { bucket: number; below: number } {
  let below = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    if (below + counts[bucket] >= k) return { bucket, below };
    below += counts[bucket];
  }
  throw new RangeError(`asked for the lowest ${k} of ${below} keys`);
}

/** Maps the bits of a float32 to an unsigned integer in the same order (IEEE 754: negatives run backwards). */
const sortable = (bits: number): number => (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
