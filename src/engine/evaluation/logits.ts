import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { headLogits } from '../model/cross-entropy.ts';
import { packSamples } from '../model/segments.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { disposeHead, loadHead, streamLayers } from '../streaming/layer-weights.ts';
import { ProgressMeter } from '../streaming/progress-meter.ts';
import { closeTokenStream, forwardLayer, loadBoundary, openTokenStream } from '../streaming/token-stream.ts';
import { takeFloats } from '../tensor/read.ts';

/** Logits of one short sequence, [T, vocabSize] row-major; nothing is written to the disk. */
export async function sequenceLogits(checkpoint: Checkpoint, inputIds: Int32Array): Promise<Float32Array> {
  const store = new ActivationStore('', { memoryBytes: Infinity, format: 'float32' });
  const meter = new ProgressMeter([], () => {});
  const stream = await openTokenStream(checkpoint, packSamples([inputIds], inputIds.length), store, meter);
  try {
    const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
    for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
      await forwardLayer(stream, layer, weights, 0, 0);
    }
    const head = await loadHead(checkpoint);
    const hidden = await loadBoundary(stream, 0, 0);
    const logits = takeFloats(headLogits(head, hidden));
    hidden.dispose();
    disposeHead(head);
    return logits;
  } finally {
    await closeTokenStream(stream);
  }
}
