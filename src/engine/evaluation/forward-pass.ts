import type { OnProgress } from '../../contract/progress.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { HeadWeights } from '../model/cross-entropy.ts';
import type { Pack } from '../model/segments.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { disposeHead, loadHead, streamLayers } from '../streaming/layer-weights.ts';
import type { Plan } from '../streaming/plan.ts';
import { ProgressMeter } from '../streaming/progress-meter.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import {
  closeTokenStream,
  forwardLayer,
  openTokenStream,
  type TokenStream,
} from '../streaming/token-stream.ts';

export interface PassOptions {
  readonly scratchDir: string;
  readonly plan: Plan;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Takes packs through all decoder layers, one on the device at a time, and hands what comes out (boundary 0 of the stream) to
 * `atHead`.
 */
export async function forwardPass<T>(
  checkpoint: Checkpoint,
  packs: readonly Pack[],
  { scratchDir, plan, onProgress, signal }: PassOptions,
  atHead: (stream: TokenStream, head: HeadWeights) => Promise<T>,
): Promise<T> {
  const { config } = checkpoint;
  const tokens = packs.reduce((total, { inputIds }) => total + inputIds.length, 0);
  const flopsPerToken = layerFlops(config).forward + headFlops(config, false) / config.numHiddenLayers;
  const work = [{ stage: 'evaluate' as const, layers: config.numHiddenLayers, tokens, flopsPerToken }];
  const meter = new ProgressMeter(work, onProgress, signal);
  const store = new ActivationStore(scratchDir, {
    memoryBytes: plan.activationMemoryBytes,
    format: 'float32',
  });
  const stream = await openTokenStream(checkpoint, packs, store, meter);
  try {
    meter.start('evaluate');
    const layers = [...Array(config.numHiddenLayers).keys()];
    for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
      await forwardLayer(stream, layer, weights, 0, 0);
    }
    const head = await loadHead(checkpoint);
    try {
      return await atHead(stream, head);
    } finally {
      disposeHead(head);
    }
  } finally {
    await closeTokenStream(stream);
  }
}
