import { availableMemory } from 'node:process';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { DecoderLayerWeights } from '../model/decoder-layer.ts';
import { type LoadedLayer, streamLayers } from '../streaming/layer-weights.ts';

/** The decoder layers in order, as often as they are asked for. */
export interface LayerSource {
  /** Whether they stay on the device, or are read from the disk each time. */
  readonly inMemory: boolean;
  layers(): AsyncIterable<LoadedLayer>;
  close(): Promise<void>;
}

/** Memory left to everything else: caches of keys and values, activations, the rest of the machine. */
const SPARE_BYTES = 2 ** 30;

/** What a checkpoint's weights take on the device, where they are float32. */
export function weightBytes({ tensors }: Checkpoint): number {
  let bytes = 0;
  for (const { shape } of tensors.values()) bytes += 4 * shape.reduce((size, dim) => size * dim, 1);
  return bytes;
}

/** Whether the machine has memory for all weights at once now, or for so many copies of them. */
export const weightsFit = (checkpoint: Checkpoint, copies = 1): boolean =>
  copies * weightBytes(checkpoint) + SPARE_BYTES < availableMemory();

export async function openLayers(checkpoint: Checkpoint, inMemory: boolean): Promise<LayerSource> {
  const order = [...Array(checkpoint.config.numHiddenLayers).keys()];
  if (!inMemory) return { inMemory, layers: () => streamLayers(checkpoint, order), close: async () => {} };
  // A layer stays on the device until its stream goes on.
  const streams: AsyncGenerator<LoadedLayer>[] = [];
  const loaded: LoadedLayer[] = [];
  for (const layer of order) {
    const stream = streamLayers(checkpoint, [layer]);
    const { value } = (await stream.next()) as { value: { weights: DecoderLayerWeights } };
    streams.push(stream);
    loaded.push({ layer, weights: value.weights });
  }
  return {
    inMemory,
    layers: async function* () {
      yield* loaded;
    },
    close: async () => {
      for (const stream of streams) await stream.return(undefined);
    },
  };
}
