import { UserError } from '../../contract/error.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { embeddingNormNames, embeddingWeight } from '../checkpoint/weight-names.ts';
import { normForward } from '../model/norm.ts';
import { mul, type Tensor2D, tensor2d, tidy } from '../tensor/ops.ts';
import { readFloats } from '../tensor/read.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';
import { type HostParameters, readNorm, uploadNorm } from './layer-weights.ts';

/** So many numbers of the table are read at a time. */
const PART = 2 ** 22;

/** Looks up token ids' embeddings, scaled and normed as the model does: [N, hiddenSize]. */
export type Embed = (inputIds: Int32Array) => Float32Array<ArrayBuffer>;

/**
 * The embedding of the tokens that occur in the given texts, and of no others: a large vocabulary is never in memory as a whole.
 * @throws UserError TOKEN_OUTSIDE_VOCABULARY
 */
export async function openEmbedding(checkpoint: Checkpoint, texts: readonly Int32Array[]): Promise<Embed> {
  const { config } = checkpoint;
  const { hiddenSize } = config;
  const places = placesOf(texts, config.vocabSize);
  const table = await readRows(checkpoint, places);
  const names = embeddingNormNames(config);
  const norm = names && (await readNorm(checkpoint, names));
  return (inputIds) => {
    const rows = new Float32Array(inputIds.length * hiddenSize);
    for (const [i, id] of inputIds.entries()) {
      const place = places[id] * hiddenSize;
      rows.set(table.subarray(place, place + hiddenSize), i * hiddenSize);
    }
    return finishEmbeddings(config, norm, rows);
  };
}

/** The embeddings of each list of token ids. @throws UserError TOKEN_OUTSIDE_VOCABULARY */
export async function embedTokens(
  checkpoint: Checkpoint,
  texts: readonly Int32Array[],
): Promise<Float32Array<ArrayBuffer>[]> {
  return texts.map(await openEmbedding(checkpoint, texts));
}

const ABSENT = -1;

/** Which row of the kept ones is each token's; [vocabSize]. They are kept in the order of the table. */
function placesOf(texts: readonly Int32Array[], vocabSize: number): Int32Array {
  const places = new Int32Array(vocabSize).fill(ABSENT);
  for (const inputIds of texts) {
    assertInVocabulary(inputIds, vocabSize);
    for (const id of inputIds) places[id] = 0;
  }
  let kept = 0;
  for (let id = 0; id < vocabSize; id++) if (places[id] !== ABSENT) places[id] = kept++;
  return places;
}

async function readRows(checkpoint: Checkpoint, places: Int32Array): Promise<Float32Array> {
  const { hiddenSize } = checkpoint.config;
  const name = embeddingWeight(checkpoint.config);
  const kept = places.reduce((most, place) => Math.max(most, place + 1), 0);
  makeRoomFor(4 * kept * hiddenSize);
  const table = new Float32Array(kept * hiddenSize);
  const step = Math.max(1, Math.floor(PART / hiddenSize));
  for (let first = 0; first < places.length; first += step) {
    const part = places.subarray(first, first + step);
    if (part.every((place) => place === ABSENT)) continue;
    makeRoomFor((2 + 4) * part.length * hiddenSize);
    const rows = await checkpoint.readFloat32(name, {
      first: first * hiddenSize,
      count: part.length * hiddenSize,
    });
    for (const [i, place] of part.entries()) {
      if (place === ABSENT) continue;
      table.set(rows.subarray(i * hiddenSize, (i + 1) * hiddenSize), place * hiddenSize);
    }
  }
  return table;
}

/** Most models take a row of the table as it is. */
function finishEmbeddings(
  config: Checkpoint['config'],
  norm: HostParameters | null,
  rows: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const { embeddingScale, hiddenSize } = config;
  if (!norm && embeddingScale === 1) return rows;
  return tidy(() => {
    const scaled = mul(tensor2d(rows, [rows.length / hiddenSize, hiddenSize]), embeddingScale) as Tensor2D;
    return readFloats(norm ? normForward(scaled, uploadNorm(config, norm)) : scaled);
  });
}

function assertInVocabulary(inputIds: Int32Array, vocabSize: number): void {
  const outside = inputIds.find((id) => id < 0 || id >= vocabSize);
  if (outside === undefined) return;
  throw new UserError(
    'TOKEN_OUTSIDE_VOCABULARY',
    `The texts were tokenized to id ${outside}, but the model knows ids 0 to ${vocabSize - 1} (vocab_size).`,
    'Use the tokenizer files that belong to this model.',
  );
}
