/** Overlap of a summary with its reference, each figure from 0 to 1. */
export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface RougeScores {
  readonly rouge1: RougeScore;
  readonly rouge2: RougeScore;
  readonly rougeL: RougeScore;
}

/** ROUGE-1, -2 and -L as Google's `rouge-score` gives them without a stemmer, which is its default. */
export function rouge(reference: string, prediction: string): RougeScores {
  const target = wordsOf(reference);
  const found = wordsOf(prediction);
  return {
    rouge1: gramOverlap(target, found, 1),
    rouge2: gramOverlap(target, found, 2),
    rougeL: toScore(longestCommonSubsequence(target, found), target.length, found.length),
  };
}

/** Only ASCII letters and digits make words there: an accented letter splits its word. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function gramOverlap(target: readonly string[], found: readonly string[], n: number): RougeScore {
  const targetCounts = countGrams(target, n);
  let shared = 0;
  for (const [gram, count] of countGrams(found, n)) shared += Math.min(count, targetCounts.get(gram) ?? 0);
  return toScore(shared, gramsIn(target, n), gramsIn(found, n));
}

function gramsIn(words: readonly string[], n: number): number {
  return Math.max(words.length - n + 1, 0);
}

function countGrams(words: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= words.length; start++) {
    const gram = words.slice(start, start + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** One row of the table at a time: only its length is needed, not the words. */
function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  let above = new Uint32Array(b.length + 1);
  for (const word of a) {
    const row = new Uint32Array(b.length + 1);
    for (const [j, other] of b.entries()) {
      row[j + 1] = word === other ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0);
    }
    above = row;
  }
  return above[b.length] ?? 0;
}

function toScore(shared: number, targetSize: number, foundSize: number): RougeScore {
  const precision = shared / Math.max(foundSize, 1);
  const recall = shared / Math.max(targetSize, 1);
  const f1 = shared === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}
