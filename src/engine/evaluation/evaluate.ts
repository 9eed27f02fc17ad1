import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { OnProgress } from '../../contract/progress.ts';
import { hashFile } from '../calibration/hash-file.ts';
import { readUtf8 } from '../calibration/read-utf8.ts';
import { readTokenFile } from '../calibration/token-file.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { planOf } from '../streaming/plan.ts';
import { type BackendName, currentBackend, openBackend } from '../tensor/backend.ts';
import { openTokenizer } from '../tokenizer/open-tokenizer.ts';
import { type PerplexityResult, perplexity, type ScoredWindow, slidingWindows } from './perplexity.ts';

export interface EvaluateRequest {
  readonly modelDir: string;
  /** A text, or token ids: the lines of a token file are joined. */
  readonly source: { readonly kind: 'text' | 'tokens'; readonly file: string };
  /** Tokens run at once; null: 2048, or the model's limit. */
  readonly window: number | null;
  /** Tokens between the starts of two windows; null: 512, or the window. */
  readonly stride: number | null;
  /** Only so many tokens from the start; null: all. */
  readonly maxTokens: number | null;
  readonly backend: BackendName | null;
}

/** A perplexity with everything that it depends on. */
export interface EvaluateReport extends PerplexityResult {
  readonly model: string;
  readonly file: string;
  readonly sha256: string;
  readonly window: number;
  readonly stride: number;
  readonly maxTokens: number | null;
  readonly backend: string;
}

const WINDOW = 2048;
const STRIDE = 512;

/** @throws UserError WINDOW_TOO_SHORT, WINDOW_TOO_LONG, STRIDE_TOO_LONG, TEXT_TOO_SHORT, and what reading throws */
export async function evaluate(
  request: EvaluateRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<EvaluateReport> {
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const limit = checkpoint.config.maxPositionEmbeddings;
    const window = request.window ?? Math.min(WINDOW, limit);
    const stride = request.stride ?? Math.min(STRIDE, window);
    assertFits(window, stride, limit);
    const windows = slidingWindows(await readTokens(checkpoint, request), window, stride);
    await openBackend(request.backend);
    const result = await measure(checkpoint, windows, request.source.file, onProgress, signal);
    const { file } = request.source;
    const sha256 = await hashFile(file);
    const backend = currentBackend();
    return {
      ...result,
      model: checkpoint.dir,
      file,
      sha256,
      window,
      stride,
      maxTokens: request.maxTokens,
      backend,
    };
  } finally {
    await checkpoint.close();
  }
}

async function measure(
  checkpoint: Checkpoint,
  windows: readonly ScoredWindow[],
  file: string,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<PerplexityResult> {
  if (windows.length === 0) {
    throw new UserError(
      'TEXT_TOO_SHORT',
      `${file} has fewer than 2 tokens; there is nothing to predict.`,
      'Give a longer text.',
    );
  }
  const scratchDir = await mkdtemp(join(tmpdir(), 'dpruner-evaluate-'));
  try {
    const plan = planOf(checkpoint.config);
    return await perplexity(checkpoint, windows, { scratchDir, plan, onProgress, ...(signal && { signal }) });
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

/** The text's token ids, special tokens as the tokenizer adds them; a token file's lines are joined in order. */
async function readTokens(
  checkpoint: Checkpoint,
  { source, maxTokens }: EvaluateRequest,
): Promise<Int32Array> {
  const { config, dir } = checkpoint;
  const ids =
    source.kind === 'text'
      ? (await openTokenizer(dir)).encode(await readUtf8(source.file))
      : Int32Array.from(
          (await readTokenFile(source.file, config.vocabSize, Infinity)).flatMap((line) => [...line]),
        );
  return ids.subarray(0, maxTokens ?? ids.length);
}

function assertFits(window: number, stride: number, limit: number): void {
  if (window < 2) {
    throw new UserError(
      'WINDOW_TOO_SHORT',
      'A window of 1 token predicts nothing: a token is scored by those before it.',
      'Give --window 2 or more; 2048 is usual.',
    );
  }
  if (window > limit) {
    throw new UserError(
      'WINDOW_TOO_LONG',
      `The window is ${window} tokens, but the model takes at most ${limit} (max_position_embeddings).`,
      `Give --window ${limit} or less.`,
    );
  }
  if (stride > window) {
    throw new UserError(
      'STRIDE_TOO_LONG',
      `The stride is ${stride} tokens and the window ${window}: tokens between two windows would not be scored.`,
      `Give --stride ${window} or less.`,
    );
  }
}
