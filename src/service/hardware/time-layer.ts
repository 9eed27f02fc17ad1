import { performance } from 'node:perf_hooks';
import type { Checkpoint } from '../../engine/checkpoint/checkpoint.ts';
import { packSamples } from '../../engine/model/segments.ts';
import { ActivationStore } from '../../engine/streaming/activation-store.ts';
import { streamLayers } from '../../engine/streaming/layer-weights.ts';
import { planOf } from '../../engine/streaming/plan.ts';
import { ProgressMeter } from '../../engine/streaming/progress-meter.ts';
import { layerFlops } from '../../engine/streaming/stage-work.ts';
import { closeTokenStream, forwardLayer, openTokenStream } from '../../engine/streaming/token-stream.ts';

/** Each pass of the benchmark is short; the fastest of some is nearest to what a long run reaches. */
const PASSES = 3;

/**
 * The mini-benchmark: the model's own first layer on the backend in use, forward, with as many tokens as a micro-batch.
 * @returns floating-point operations a second
 */
export async function measureLayerRate(checkpoint: Checkpoint, sequenceLength: number): Promise<number> {
  const { config } = checkpoint;
  const { packTokens } = planOf(config);
  const length = Math.min(sequenceLength, packTokens, config.maxPositionEmbeddings);
  const samples = Array.from({ length: Math.max(1, Math.floor(packTokens / length)) }, (_, sample) =>
    Int32Array.from({ length }, (_, t) => (sample * 7919 + t * 104729) % config.vocabSize),
  );
  const packs = packSamples(samples, packTokens);
  const tokens = packs.reduce((sum, pack) => sum + pack.inputIds.length, 0);
  const store = new ActivationStore('', { memoryBytes: Infinity, format: 'float32' });
  const stream = await openTokenStream(checkpoint, packs, store, new ProgressMeter([], () => {}));
  let bestMs = Infinity;
  try {
    for await (const { layer, weights } of streamLayers(checkpoint, [0])) {
      for (let pass = 0; pass <= PASSES; pass++) {
        const startedAtMs = performance.now();
        await forwardLayer(stream, layer, weights, 0, 1);
        // The first pass pays for memory and threads.
        if (pass > 0) bestMs = Math.min(bestMs, performance.now() - startedAtMs);
      }
    }
  } finally {
    await closeTokenStream(stream);
  }
  return (tokens * layerFlops(config).forward) / (bestMs / 1000);
}
