import { createHash } from 'node:crypto';

/** A stream of uniform random numbers that depends on nothing but the seed and the label. */
export interface Random {
  /** A uniform integer from 0 to bound − 1; bound from 1 to 2^32. */
  below(bound: number): number;
}

/**
 * xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (public domain, https://prng.di.unimi.it/xoshiro128starstar.c;
 * "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47(4), 2021). Its state is the beginning of the SHA-256 of
 * `seed/label`, so that streams with different labels are independent of each other.
 */
export function seededRandom(seed: number, label: string): Random {
  const digest = createHash('sha256').update(`${seed}/${label}`).digest();
  let s0 = digest.readUInt32LE(0);
  let s1 = digest.readUInt32LE(4);
  let s2 = digest.readUInt32LE(8);
  let s3 = digest.readUInt32LE(12);

  function nextUint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotateLeft(s3, 11);
    return result;
  }

  return {
    below(bound) {
      // Numbers from the last, incomplete multiple of the bound on are drawn again, so that none is favoured.
      const limit = 2 ** 32 - (2 ** 32 % bound);
      let value = nextUint32();
      while (value >= limit) value = nextUint32();
      return value % bound;
    },
  };
}

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** The items in random order (Fisher and Yates' shuffle, as Durstenfeld's Algorithm 235); the argument stays as it is. */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [result[i], result[j]] = [result[j] as Item, result[i] as Item];
  }
  return result;
}
