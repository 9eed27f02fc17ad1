import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type DecoderLayerWeights, decoderLayerForward, decoderLayerOutput } from '../model/decoder-layer.ts';
import { disposePositions, type Positions, positionsOf } from '../model/positions.ts';
import type { Pack } from '../model/segments.ts';
import { type Tensor2D, tensor2d, tidy } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import type { ActivationStore } from './activation-store.ts';
import { embedTokens } from './layer-weights.ts';
import type { ProgressMeter } from './progress-meter.ts';

/** A set of packed texts on its way through the model, layer by layer. */
export interface TokenStream {
  readonly checkpoint: Checkpoint;
  readonly packs: readonly Pack[];
  /** One for each pack, on the device. */
  readonly positions: readonly Positions[];
  readonly store: ActivationStore;
  readonly meter: ProgressMeter;
}

/** Puts the embeddings of all packs into the store as boundary 0 and their positions on the device. */
export async function openTokenStream(
  checkpoint: Checkpoint,
  packs: readonly Pack[],
  store: ActivationStore,
  meter: ProgressMeter,
): Promise<TokenStream> {
  const embeddings = await embedTokens(
    checkpoint,
    packs.map((pack) => pack.inputIds),
  );
  for (const [i, values] of embeddings.entries()) await store.write(0, i, values);
  const positions = packs.map((pack) => positionsOf(checkpoint.config, pack.segments));
  return { checkpoint, packs, positions, store, meter };
}

export async function closeTokenStream({ positions, store }: TokenStream): Promise<void> {
  for (const each of positions) disposePositions(each);
  await store.close();
}

/** A pack's activations at a boundary, on the device; [N, hiddenSize]. */
export async function loadBoundary(stream: TokenStream, boundary: number, pack: number): Promise<Tensor2D> {
  return upload(stream, pack, await stream.store.read(boundary, pack));
}

const upload = ({ packs, checkpoint }: TokenStream, pack: number, values: Float32Array): Tensor2D =>
  tensor2d(values, [packs[pack].inputIds.length, checkpoint.config.hiddenSize]);

/**
 * Each pack's activations at the given boundaries, on the device. While one pack is at work the next one's are read and
 * the last one's results, handed to `write`, are written.
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
    yield { index, pack, inputs: values.map((each) => upload(stream, index, each)), write };
  }
  await written;
}

/**
 * Takes all packs through one decoder layer, from boundary `from` to boundary `to` (which may be the same slot).
 */
export async function forwardLayer(
  stream: TokenStream,
  layer: number,
  weights: DecoderLayerWeights,
  from: number,
  to: number,
): Promise<void> {
  const { packs, positions, checkpoint, meter } = stream;
  for await (const { index, pack, inputs, write } of streamPacks(stream, [from])) {
    const [input] = inputs;
    const output = tidy(() =>
      decoderLayerOutput(weights, decoderLayerForward(checkpoint.config, weights, input, positions[index])),
    );
    input.dispose();
    await write(to, takeFloats(output));
    await meter.passed(pack.inputIds.length, layer + (index + 1) / packs.length);
  }
}
