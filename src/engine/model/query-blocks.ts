import type { Segment } from './segments.ts';

/**
 * Queries are taken in blocks, each against just the keys it may see: scores need memory for one block, stay in
 * the processor's cache, and close to half of the causal square is never computed.
 */
export const QUERY_BLOCK = 256;

/** Consecutive queries of one sample and the keys that any of them may see, by their places among the packed tokens. */
export interface QueryBlock {
  readonly firstQuery: number;
  readonly queries: number;
  readonly firstKey: number;
  readonly keys: number;
}

/** The blocks of all samples, in the order of their tokens. */
export function queryBlocks(segments: readonly Segment[], slidingWindow: number | null): QueryBlock[] {
  return segments.flatMap((segment) => blocksOf(segment, slidingWindow));
}

function blocksOf({ start, length, shared = 0 }: Segment, slidingWindow: number | null): QueryBlock[] {
  const blocks: QueryBlock[] = [];
  for (let begin = shared; begin < length; begin += QUERY_BLOCK) {
    const end = Math.min(length, begin + QUERY_BLOCK);
    const firstKey = slidingWindow === null ? 0 : Math.max(0, begin - slidingWindow + 1);
    blocks.push({
      firstQuery: start + begin,
      queries: end - begin,
      firstKey: start + firstKey,
      keys: end - firstKey,
    });
  }
  return blocks;
}
