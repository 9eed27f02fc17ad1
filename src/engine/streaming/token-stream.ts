import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import {
  type DecoderLayerWeights,
  decoderLayerForward,
  decoderLayerOutput,
  disposePositions,
  type Positions,
  positionsOf,
} from '../model/decoder-layer.ts';
import type { Pack } from '../model/segments.ts';
import { tensor2d, tidy } from '../tensor/ops.ts';
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
export async function loadBoundary(
  { packs, store, checkpoint }: TokenStream,
  boundary: number,
  pack: number,
) {
  const values = await store.read(boundary, pack);
  return tensor2d(values, [packs[pack].inputIds.length, checkpoint.config.hiddenSize]);
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
  const { packs, positions, store, checkpoint, meter } = stream;
  for (const [i, pack] of packs.entries()) {
    const input = await loadBoundary(stream, from, i);
    const output = tidy(() =>
      decoderLayerOutput(weights, decoderLayerForward(checkpoint.config, weights, input, positions[i])),
    );
    input.dispose();
    await store.write(to, i, takeFloats(output));
    await meter.passed(pack.inputIds.length, layer + (i + 1) / packs.length);
  }
}
