import type { Tokenizer } from '../../tokenizer/open-tokenizer.ts';
import type { ChoiceItem } from './task-items.ts';

/** An item as the model reads it: the tokens that all options have in common, and those of each option after them. */
export interface TokenizedChoice {
  readonly stem: Int32Array;
  readonly options: readonly Int32Array[];
}

/**
 * Each option is tokenized together with the prompt, as the model meets them in a text. Where the end of the prompt is joined
 * into one token with the beginning of an option, scoring begins before that token for all options of the item, so that
 * they compete for the same stretch of text.
 */
export function tokenizeChoice(tokenizer: Tokenizer, { prompt, options }: ChoiceItem): TokenizedChoice {
  const prompted = tokenizer.encode(prompt);
  const whole = options.map((option) => tokenizer.encode(prompt + option));
  // An option that is no token longer than the stem would have nothing to score.
  const shared = Math.min(...whole.map((ids) => Math.min(commonStart(prompted, ids), ids.length - 1)));
  return { stem: prompted.slice(0, shared), options: whole.map((ids) => ids.slice(shared)) };
}

function commonStart(a: Int32Array, b: Int32Array): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/**
 * Cuts the beginning of a stem that is too long, but for the token that begins every text of this tokenizer; what is asked
 * stands at its end.
 */
export function cutStem(stem: Int32Array, room: number, bosTokenId: number | null): Int32Array {
  if (stem.length <= room) return stem;
  const kept = stem.slice(stem.length - room);
  if (stem[0] === bosTokenId) kept[0] = stem[0];
  return kept;
}
