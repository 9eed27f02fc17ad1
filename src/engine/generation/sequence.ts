import type { KeyValueCache } from './key-value-cache.ts';
import type { NumberedPrompt } from './prompt-groups.ts';

/** A text that has not ended. */
export interface Sequence {
  readonly prompt: NumberedPrompt;
  readonly cache: KeyValueCache;
  /** New tokens. */
  readonly found: number[];
}

export const lengthOf = ({ prompt, found }: Sequence): number => prompt.ids.length + found.length;
export const wholeOf = ({ prompt, found }: Sequence): Int32Array => Int32Array.of(...prompt.ids, ...found);
export const cachesOf = (sequences: readonly Sequence[]): KeyValueCache[] =>
  sequences.map(({ cache }) => cache);
