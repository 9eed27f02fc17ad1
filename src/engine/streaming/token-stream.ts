import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import {
  type DecoderLayerWeights,
  decoderLayerForward,
  decoderLayerOutput,
  type LinearInputs,
} from '../model/decoder-layer.ts';
import type { Pack } from '../model/segments.ts';
import { dispose, type Tensor2D, tensor2d } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import type { ActivationStore } from './activation-store.ts';
import { openEmbedding } from './embedding.ts';
import { isKept, type KeptBoundaries } from './kept-boundaries.ts';
import { PackPositions } from './pack-positions.ts';
import type { ProgressMeter } from './progress-meter.ts';

/** A set of packed texts on its way through the model, layer by layer. */
export interface TokenStream {
  readonly checkpoint: Checkpoint;
  readonly packs: readonly Pack[];
  readonly positions: PackPositions;
  readonly store: ActivationStore;
  readonly meter: ProgressMeter;
}

/** Puts the embeddings of all packs into the store as boundary 0. */
export async function openTokenStream(
  checkpoint: Checkpoint,
  packs: readonly Pack[],
  store: ActivationStore,
  meter: ProgressMeter,
): Promise<TokenStream> {
  const embed = await openEmbedding(
    checkpoint,
    packs.map(({ inputIds }) => inputIds),
  );
  for (const [i, { inputIds }] of packs.entries()) await store.write(0, i, embed(inputIds));
  return { checkpoint, packs, positions: new PackPositions(checkpoint.config, packs), store, meter };
}

export async function closeTokenStream({ positions, store }: TokenStream): Promise<void> {
  positions.dispose();
  await store.close();
}

/** A pack's activations at a boundary, on the device; [N, hiddenSize]. */
export async function loadBoundary(stream: TokenStream, boundary: number, pack: number): Promise<Tensor2D> {
  return upload(stream, pack, await stream.store.read(boundary, pack));
}

const upload = ({ packs, checkpoint }: TokenStream, pack: number, values: Float32Array): Tensor2D =>
  tensor2d(values, [packs[pack].inputIds.length, checkpoint.config.hiddenSize]);

/**
 * Each pack's activations at the given boundaries and its positions, on the device. While one pack is at work the next
 * one's are read and the last one's results, handed to `write`, are written.
 */
export async function* streamPacks(stream: TokenStream, boundaries: readonly number[]) {
  const { packs, store } = stream;
  const read = (pack: number) => Promise.all(boundaries.map((boundary) => store.read(boundary, pack)));
  let written: Promise<void> | null = null;
  let next = read(0);
  for (const [index, pack] of packs.entries()) {
    const values = await next;
    if (index + 1 < packs.length) next = read(index + 1);
    next.catch(() => {}); // reported when awaited; until then not an unhandled rejection
    const write = async (boundary: number, results: Float32Array<ArrayBuffer>): Promise<void> => {
      await written;
      written = store.write(boundary, index, results);
      written.catch(() => {});
    };
    const inputs = values.map((each) => upload(stream, index, each));
    yield { index, pack, inputs, positions: stream.positions.of(index), write };
  }
  await written;
}

/** Takes all packs through one decoder layer, from boundary `from` to boundary `to` (which may be the same slot). */
export async function forwardLayer(
  stream: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  from: number,
  to: number,
  look?: (activations: LinearInputs) => void,
): Promise<void> {
  const { packs, meter } = stream;
  const passed = (index: number) =>
    meter.passed(packs[index].inputIds.length, layer + (index + 1) / packs.length);
  await throughLayer(stream, weights, from, to, passed, look);
}

/** The same for packs that have been through it before, and whose results were not kept. */
export async function forwardLayerAgain(
  stream: TokenStream,
  weights: DecoderLayerWeights,
  from: number,
  to: number,
): Promise<void> {
  await throughLayer(stream, weights, from, to, () => stream.meter.breathe());
}

/**
 * Takes all packs through one decoder layer.
 * @param passed called with each pack's number once it is through
 * @param look sees each pack's activations on the way; they are disposed of afterwards
 */
export async function throughLayer(
  stream: TokenStream,
  weights: DecoderLayerWeights,
  from: number,
  to: number,
  passed: (index: number) => Promise<void>,
  look?: (activations: LinearInputs) => void,
): Promise<void> {
  const { checkpoint } = stream;
  for await (const { index, inputs, positions, write } of streamPacks(stream, [from])) {
    const activations = decoderLayerForward(checkpoint.config, weights, inputs[0], positions);
    look?.(activations);
    const output = decoderLayerOutput(weights, activations);
    dispose({ ...activations });
    await write(to, takeFloats(output));
    await passed(index);
  }
}

/** A stream on its way up through the layers. */
export interface Ascent {
  readonly stream: TokenStream;
  /** What stays for the gradient that will come down; null: a layer's outputs take the place of its inputs. */
  readonly kept: KeptBoundaries | null;
}

/** The boundaries from which and to which a layer takes a stream. */
export const placesOf = ({ kept }: Ascent, layer: number): { from: number; to: number } =>
  kept ? { from: layer, to: layer + 1 } : { from: 0, to: 0 };

/** Forgets the boundary below a layer that all packs are past, unless it is kept. */
export function leaveBoundary({ stream, kept }: Ascent, layer: number): void {
  if (kept && !isKept(kept, layer)) stream.store.drop(layer, stream.packs.length);
}
