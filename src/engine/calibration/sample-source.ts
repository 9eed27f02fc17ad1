import type { Tokenizer } from '../tokenizer/open-tokenizer.ts';
import { type Random, shuffled } from './random.ts';

/** A sample shorter than this has no next token to predict. */
export const MIN_TOKENS = 2;

export interface DrawnSample {
  readonly inputIds: Int32Array<ArrayBuffer>;
  /** The text had more tokens than the sequence length. */
  readonly truncated: boolean;
}

/** Draws samples from a part's texts at random, each text once; only what is drawn is tokenized. */
export class SampleSource {
  /** What was drawn so far, in the order of drawing. */
  readonly drawn: DrawnSample[] = [];
  /** Texts passed over since they have fewer than MIN_TOKENS tokens. */
  tooShort = 0;
  readonly #order: readonly string[];
  readonly #tokenizer: Tokenizer;
  readonly #sequenceLength: number;

  constructor(texts: readonly string[], tokenizer: Tokenizer, sequenceLength: number, random: Random) {
    this.#order = shuffled(texts, random);
    this.#tokenizer = tokenizer;
    this.#sequenceLength = sequenceLength;
  }

  /** Texts that were drawn or still can be; one that is too short counts until it is come upon. */
  get available(): number {
    return this.#order.length - this.tooShort;
  }

  /** Draws until there are `count` samples, or no text is left. */
  drawUpTo(count: number): void {
    while (this.drawn.length < Math.min(count, this.available)) {
      const text = this.#order[this.drawn.length + this.tooShort] ?? '';
      const ids = this.#tokenizer.encode(text);
      if (Math.min(ids.length, this.#sequenceLength) < MIN_TOKENS) {
        this.tooShort++;
        continue;
      }
      const truncated = ids.length > this.#sequenceLength;
      this.drawn.push({ inputIds: truncated ? ids.slice(0, this.#sequenceLength) : ids, truncated });
    }
  }
}
