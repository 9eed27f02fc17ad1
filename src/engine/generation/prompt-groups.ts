import { availableMemory } from 'node:process';
import type { ModelConfig } from '../checkpoint/config.ts';

/** A prompt and its place among all. */
export interface NumberedPrompt {
  readonly index: number;
  readonly ids: Int32Array;
}

const LEAST_CACHE_BYTES = 2 ** 30;
const MOST_CACHE_BYTES = 4 * 2 ** 30;
/** Beyond so many sequences a step's products are no longer bound by reading the weights, and nothing is won. */
const MOST_TOGETHER = 128;

/** Room for keys and values: a quarter of the free memory, within bounds. */
const cacheBytes = (): number =>
  Math.min(MOST_CACHE_BYTES, Math.max(LEAST_CACHE_BYTES, availableMemory() / 4));

/** Keys and values of one token in all layers, float32. */
const bytesPerToken = ({ numHiddenLayers, numKeyValueHeads, headDim }: ModelConfig): number =>
  2 * 4 * numHiddenLayers * numKeyValueHeads * headDim;

/** Parts prompts into groups that are continued together, such that their keys and values find room. */
export function groupPrompts(
  config: ModelConfig,
  prompts: readonly Int32Array[],
  maxNewTokens: number,
  room = cacheBytes(),
): NumberedPrompt[][] {
  const groups: NumberedPrompt[][] = [];
  let bytes = Infinity;
  for (const [index, ids] of prompts.entries()) {
    const own = (ids.length + maxNewTokens) * bytesPerToken(config);
    const last = groups.at(-1);
    if (last && last.length < MOST_TOGETHER && bytes + own <= room) {
      last.push({ index, ids });
      bytes += own;
    } else {
      groups.push([{ index, ids }]);
      bytes = own;
    }
  }
  return groups;
}
