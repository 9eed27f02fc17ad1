import type { OnProgress } from '../../contract/progress.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { tokenCrossEntropy } from '../model/cross-entropy.ts';
import { packSamples } from '../model/segments.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { disposeHead, loadHead, streamLayers } from '../streaming/layer-weights.ts';
import type { Plan } from '../streaming/plan.ts';
import { ProgressMeter } from '../streaming/progress-meter.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import {
  closeTokenStream,
  forwardLayer,
  loadBoundary,
  openTokenStream,
  type TokenStream,
} from '../streaming/token-stream.ts';

/** A stretch of a text that is run through the model at once; only its last `scored` tokens count. */
export interface ScoredWindow {
  readonly inputIds: Int32Array;
  readonly scored: number;
}

/**
 * Cuts a tokenised text into windows of at most `window` tokens, each `stride` tokens further on. A token is scored
 * once, in the first window that holds it, with all the context that window gives; a window's own first token has
 * none and is not scored (with stride = window that is one token a window, as is usual).
 */
export function slidingWindows(inputIds: Int32Array, window: number, stride: number): ScoredWindow[] {
  const windows: ScoredWindow[] = [];
  let scoredUpTo = 1;
  for (let begin = 0; scoredUpTo < inputIds.length; begin += stride) {
    const end = Math.min(begin + window, inputIds.length);
    const scored = Math.min(end - scoredUpTo, end - begin - 1);
    if (scored > 0) windows.push({ inputIds: inputIds.subarray(begin, end), scored });
    scoredUpTo = end;
  }
  return windows;
}

export interface PerplexityResult {
  /** exp of the mean negative log-likelihood over the scored tokens. */
  readonly perplexity: number;
  /** Mean negative log-likelihood, nats a token. */
  readonly meanNll: number;
  readonly scoredTokens: number;
  readonly windows: number;
  /** Tokens run through the model a second, context included. */
  readonly tokensPerSecond: number;
}

export interface PerplexityOptions {
  readonly scratchDir: string;
  readonly plan: Plan;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/** Perplexity of a model on windows of text, one decoder layer on the device at a time. */
export async function perplexity(
  checkpoint: Checkpoint,
  windows: readonly ScoredWindow[],
  options: PerplexityOptions,
): Promise<PerplexityResult> {
  const startedAtMs = performance.now();
  const { config } = checkpoint;
  const packs = packSamples(
    windows.map((window) => window.inputIds),
    options.plan.packTokens,
  );
  const tokens = windows.reduce((total, window) => total + window.inputIds.length, 0);
  const flopsPerToken = layerFlops(config).forward + headFlops(config, false) / config.numHiddenLayers;
  const work = [{ stage: 'evaluate' as const, layers: config.numHiddenLayers, tokens, flopsPerToken }];
  const meter = new ProgressMeter(work, options.onProgress, options.signal);
  const store = new ActivationStore(options.scratchDir, {
    memoryBytes: options.plan.activationMemoryBytes,
    format: 'float32',
  });
  const stream = await openTokenStream(checkpoint, packs, store, meter);
  try {
    meter.start('evaluate');
    const layers = [...Array(config.numHiddenLayers).keys()];
    for await (const { layer, weights } of streamLayers(checkpoint, layers)) {
      await forwardLayer(stream, layer, weights, 0, 0);
    }
    const { nll, scoredTokens } = await scoreHead(stream, windows);
    const meanNll = nll / scoredTokens;
    const seconds = (performance.now() - startedAtMs) / 1000;
    return {
      perplexity: Math.exp(meanNll),
      meanNll,
      scoredTokens,
      windows: windows.length,
      tokensPerSecond: tokens / seconds,
    };
  } finally {
    await closeTokenStream(stream);
  }
}

/** Sums the negative log-likelihood of each window's last `scored` tokens. */
async function scoreHead(stream: TokenStream, windows: readonly ScoredWindow[]) {
  const head = await loadHead(stream.checkpoint);
  let nll = 0;
  let scoredTokens = 0;
  let next = 0;
  for (const [i, { inputIds, segments }] of stream.packs.entries()) {
    const hidden = await loadBoundary(stream, 0, i);
    const targets = new Int32Array(inputIds.length);
    targets.set(inputIds.subarray(1));
    const losses = tokenCrossEntropy(head, hidden, targets);
    hidden.dispose();
    for (const { start, length } of segments) {
      const { scored } = windows[next++];
      // The loss at position t is that of the token at t + 1.
      for (let t = start + length - 1 - scored; t < start + length - 1; t++) nll += losses[t];
      scoredTokens += scored;
    }
  }
  disposeHead(head);
  return { nll, scoredTokens };
}
