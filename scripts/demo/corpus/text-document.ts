/** A text of the corpus. Its paragraphs are single lines; there is no blank line in it. */
export interface TextDocument {
  /** Where it comes from: a licence's SPDX identifier, or a part of WordNet. */
  readonly id: string;
  readonly text: string;
}

/** The words of a text without case and punctuation: what near-duplicates are told by. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
