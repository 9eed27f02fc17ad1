import { toByteCharacters } from './byte-alphabet.ts';

/** How GPT-2 cuts a text into words before merging; `ByteLevel` in tokenizer.json means this pattern. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Two neighbouring symbols that become one. */
export type Merge = readonly [string, string];

interface Word {
  symbols: string[];
  readonly count: number;
}

/**
 * Byte pair encoding (Sennrich et al. 2016) on bytes: each time the most frequent pair of neighbouring symbols inside
 * words becomes a symbol of its own; of equally frequent pairs the first in the order of their characters.
 */
export function trainBytePairEncoding(texts: Iterable<string>, numMerges: number): Merge[] {
  const words = countWords(texts);
  const counts = new Map<string, number>();
  const holders = new Map<string, Set<Word>>();
  const count = (word: Word, sign: 1 | -1) => {
    for (const pair of pairsOf(word.symbols)) {
      counts.set(pair, (counts.get(pair) ?? 0) + sign * word.count);
      if (sign < 0) continue;
      const own = holders.get(pair);
      if (own) own.add(word);
      else holders.set(pair, new Set([word]));
    }
  };
  for (const word of words) count(word, 1);

  const merges: Merge[] = [];
  while (merges.length < numMerges) {
    const best = mostFrequent(counts);
    if (best === null) break;
    const merge = best.split(' ') as [string, string];
    merges.push(merge);
    for (const word of holders.get(best) ?? []) {
      count(word, -1);
      word.symbols = applyMerge(word.symbols, merge);
      count(word, 1);
    }
    counts.delete(best);
    holders.delete(best);
  }
  return merges;
}

function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Array.from(counts, ([word, count]) => ({ symbols: toByteCharacters(word), count }));
}

/** No symbol holds a blank: the byte alphabet has none. */
const pairsOf = (symbols: readonly string[]): string[] =>
  symbols.slice(1).map((symbol, i) => `${symbols[i]} ${symbol}`);

/** A pair that occurs once is not worth a token. */
function mostFrequent(counts: ReadonlyMap<string, number>): string | null {
  let best: string | null = null;
  let most = 1;
  for (const [pair, count] of counts) {
    if (count > most || (count === most && best !== null && pair < best)) {
      best = pair;
      most = count;
    }
  }
  return best;
}

export function applyMerge(symbols: readonly string[], [left, right]: Merge): string[] {
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      merged.push(left + right);
      i++;
    } else {
      merged.push(symbols[i]);
    }
  }
  return merged;
}
