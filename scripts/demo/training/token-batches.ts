import { type Random, shuffled } from '../../../src/engine/calibration/random.ts';
import type { Batch } from './loss-and-gradients.ts';

/** Each domain's share of a batch is its number of sequences here. */
export interface DomainTokens {
  readonly tokens: Int32Array;
  readonly sequencesABatch: number;
}

/**
 * Endless batches of sequences of `sequenceLength` tokens from each domain's stream of tokens: a pass goes through all
 * of them in random order, and each pass cuts the stream at other places.
 */
export function* tokenBatches(
  domains: readonly DomainTokens[],
  sequenceLength: number,
  random: Random,
): Generator<Batch> {
  const streams = domains.map(({ tokens }) => sequences(tokens, sequenceLength, random));
  while (true) {
    const chosen = domains.flatMap(({ sequencesABatch }, i) =>
      Array.from({ length: sequencesABatch }, () => streams[i].next().value as Int32Array),
    );
    yield batchOf(chosen);
  }
}

/** The sequences of a stream in order, without an overlap or a random choice: to measure on. */
export function inOrder(tokens: Int32Array, sequenceLength: number, count: number): Batch {
  const starts = Array.from({ length: count }, (_, i) => i * sequenceLength);
  return batchOf(starts.map((start) => tokens.subarray(start, start + sequenceLength + 1)));
}

function* sequences(tokens: Int32Array, length: number, random: Random): Generator<Int32Array> {
  while (true) {
    const offset = random.below(length);
    const starts: number[] = [];
    for (let start = offset; start + length < tokens.length; start += length) starts.push(start);
    for (const start of shuffled(starts, random)) yield tokens.subarray(start, start + length + 1);
  }
}

/** @param sequences [T + 1] each: inputs, and the last token as a target only */
function batchOf(sequences: readonly Int32Array[]): Batch {
  const length = sequences[0].length - 1;
  const inputIds = new Int32Array(sequences.length * length);
  const targets = new Int32Array(sequences.length * length);
  for (const [i, sequence] of sequences.entries()) {
    inputIds.set(sequence.subarray(0, length), i * length);
    targets.set(sequence.subarray(1), i * length);
  }
  return { inputIds, targets };
}
