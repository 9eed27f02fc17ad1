import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { tokenCrossEntropy } from '../model/cross-entropy.ts';
import { packSamples } from '../model/segments.ts';
import { loadBoundary } from '../streaming/token-stream.ts';
import { forwardPass, type PassOptions } from './forward-pass.ts';

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

/** A window's part in a perplexity. */
export interface WindowNll {
  /** Negative log-likelihood of the window's scored tokens, nats. */
  readonly nll: number;
  readonly tokens: number;
}

/** Perplexity of a model on windows of text, one decoder layer on the device at a time. */
export async function perplexity(
  checkpoint: Checkpoint,
  windows: readonly ScoredWindow[],
  options: PassOptions,
): Promise<PerplexityResult & { readonly ofWindows: readonly WindowNll[] }> {
  const startedAtMs = performance.now();
  const losses = await windowLosses(checkpoint, windows, options);
  const scoredTokens = windows.reduce((total, { scored }) => total + scored, 0);
  const meanNll = losses.reduce((total, loss) => total + loss, 0) / scoredTokens;
  const tokens = windows.reduce((total, { inputIds }) => total + inputIds.length, 0);
  return {
    perplexity: Math.exp(meanNll),
    meanNll,
    scoredTokens,
    windows: windows.length,
    tokensPerSecond: (1000 * tokens) / (performance.now() - startedAtMs),
    ofWindows: losses.map((nll, i) => ({ nll, tokens: windows[i].scored })),
  };
}

/** The negative log-likelihood of each window's last `scored` tokens, nats. */
export function windowLosses(
  checkpoint: Checkpoint,
  windows: readonly ScoredWindow[],
  options: PassOptions,
): Promise<number[]> {
  const packs = packSamples(
    windows.map((window) => window.inputIds),
    options.plan.packTokens,
  );
  return forwardPass(checkpoint, packs, options, async (stream, head) => {
    const sums: number[] = [];
    for (const [i, { inputIds, segments }] of packs.entries()) {
      const hidden = await loadBoundary(stream, 0, i);
      const targets = new Int32Array(inputIds.length);
      targets.set(inputIds.subarray(1));
      const losses = tokenCrossEntropy(head, hidden, targets);
      hidden.dispose();
      for (const { start, length } of segments) {
        const { scored } = windows[sums.length];
        const end = start + length - 1; // the loss at position t is that of the token at t + 1
        sums.push(losses.subarray(end - scored, end).reduce((total, loss) => total + loss, 0));
      }
    }
    return sums;
  });
}
