import { type TextDocument, wordsOf } from './text-document.ts';

const SHINGLE_WORDS = 8;
/** Two texts are near-duplicates from this share of the smaller one's shingles on (Broder 1997: containment). */
const CONTAINMENT = 0.3;

/**
 * Puts texts that are variants of one another, also through others, into one family: a test text then has no variant
 * among the training texts as long as families are not split.
 */
export function nearDuplicateFamilies(documents: readonly TextDocument[]): TextDocument[][] {
  const shingles = documents.map(({ text }) => shinglesOf(text));
  const holders = new Map<string, number[]>();
  for (const [i, own] of shingles.entries()) {
    for (const shingle of own) {
      const others = holders.get(shingle);
      if (others) others.push(i);
      else holders.set(shingle, [i]);
    }
  }
  const parent = documents.map((_, i) => i);
  for (const [[i, j], common] of overlaps(holders, documents.length)) {
    const smaller = Math.min(shingles[i]?.size ?? 0, shingles[j]?.size ?? 0);
    if (common >= CONTAINMENT * smaller) parent[root(parent, i)] = root(parent, j);
  }
  const families = new Map<number, TextDocument[]>();
  for (const [i, document] of documents.entries()) {
    const family = families.get(root(parent, i));
    if (family) family.push(document);
    else families.set(root(parent, i), [document]);
  }
  return [...families.values()];
}

function shinglesOf(text: string): Set<string> {
  const words = wordsOf(text);
  const shingles = new Set<string>();
  for (let i = 0; i + SHINGLE_WORDS <= words.length; i++) {
    shingles.add(words.slice(i, i + SHINGLE_WORDS).join(' '));
  }
  return shingles;
}

/** How many shingles each pair of texts has in common, for the pairs that have any. */
function* overlaps(
  holders: ReadonlyMap<string, readonly number[]>,
  documents: number,
): Generator<[[number, number], number]> {
  const common = new Map<number, number>();
  for (const own of holders.values()) {
    for (let a = 0; a < own.length; a++) {
      for (let b = a + 1; b < own.length; b++) {
        const pair = own[a] * documents + own[b];
        common.set(pair, (common.get(pair) ?? 0) + 1);
      }
    }
  }
  for (const [pair, count] of common) yield [[Math.floor(pair / documents), pair % documents], count];
}

function root(parent: number[], i: number): number {
  let at = i;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]] as number;
    at = parent[at];
  }
  return at;
}
