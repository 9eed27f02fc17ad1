import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../contract/error.ts';
import type { OnProgress } from '../../contract/progress.ts';
import { hashFile } from '../calibration/hash-file.ts';
import { readUtf8 } from '../calibration/read-utf8.ts';
import { readTokenFile } from '../calibration/token-file.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { planOf } from '../streaming/plan.ts';
import { openTokenizer } from '../tokenizer/open-tokenizer.ts';
import { perplexity, type ScoredWindow, slidingWindows } from './perplexity.ts';

/** A text, or token ids: the lines of a token file are joined. */
export interface TextSource {
  readonly kind: 'text' | 'tokens';
  readonly file: string;
}

export interface ReadingOptions {
  /** Tokens run at once; null: 2048, or the model's limit. */
  readonly window: number | null;
  /** Tokens between the starts of two windows; null: 512, or the window. */
  readonly stride: number | null;
  /** Only so many tokens from the start; null: all. */
  readonly maxTokens: number | null;
}

/** A text as windows of token ids, with what decided them. */
export interface EvaluatedText {
  readonly file: string;
  readonly sha256: string;
  readonly window: number;
  readonly stride: number;
  readonly maxTokens: number | null;
  readonly windows: readonly ScoredWindow[];
}

const WINDOW = 2048;
const STRIDE = 512;

/** @throws UserError WINDOW_TOO_SHORT, WINDOW_TOO_LONG, STRIDE_TOO_LONG, TEXT_TOO_SHORT, and what reading throws */
export async function readEvaluatedText(
  checkpoint: Checkpoint,
  source: TextSource,
  { window: wanted, stride: wantedStride, maxTokens }: ReadingOptions,
): Promise<EvaluatedText> {
  const window = contextLengthOf(checkpoint, wanted);
  const stride = wantedStride ?? Math.min(STRIDE, window);
  if (stride > window) throw strideTooLong(stride, window);
  const { file } = source;
  const ids = await readTokens(checkpoint, source);
  const windows = slidingWindows(ids.subarray(0, maxTokens ?? ids.length), window, stride);
  if (windows.length === 0) throw tooShort(file);
  return { file, sha256: await hashFile(file), window, stride, maxTokens, windows };
}

/**
 * Tokens that the model sees at once: so many as are wanted, or 2048, or the model's limit.
 * @throws UserError WINDOW_TOO_SHORT, WINDOW_TOO_LONG
 */
export function contextLengthOf({ config }: Checkpoint, wanted: number | null): number {
  const limit = config.maxPositionEmbeddings;
  const window = wanted ?? Math.min(WINDOW, limit);
  if (window < 2) throw windowTooShort();
  if (window > limit) throw windowTooLong(window, limit);
  return window;
}

/** Perplexity of a model on a text, with a scratch folder that is removed at the end. */
export async function measureText(
  checkpoint: Checkpoint,
  { windows }: EvaluatedText,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): ReturnType<typeof perplexity> {
  const scratchDir = await mkdtemp(join(tmpdir(), 'dpruner-evaluate-'));
  try {
    const plan = planOf(checkpoint.config);
    return await perplexity(checkpoint, windows, { scratchDir, plan, onProgress, ...(signal && { signal }) });
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

/** The text's token ids, special tokens as the tokenizer adds them; a token file's lines are joined in order. */
async function readTokens({ config, dir }: Checkpoint, { kind, file }: TextSource): Promise<Int32Array> {
  if (kind === 'text') return (await openTokenizer(dir)).encode(await readUtf8(file));
  const lines = await readTokenFile(file, config.vocabSize, Infinity);
  return Int32Array.from(lines.flatMap((line) => [...line]));
}

const windowTooShort = () =>
  new UserError(
    'WINDOW_TOO_SHORT',
    'A window of 1 token predicts nothing: a token is scored by those before it.',
    'Give --window 2 or more; 2048 is usual.',
  );

const windowTooLong = (window: number, limit: number) =>
  new UserError(
    'WINDOW_TOO_LONG',
    `The window is ${window} tokens, but the model takes at most ${limit} (max_position_embeddings).`,
    `Give --window ${limit} or less.`,
  );

const strideTooLong = (stride: number, window: number) =>
  new UserError(
    'STRIDE_TOO_LONG',
    `The stride is ${stride} tokens and the window ${window}: tokens between two windows would not be scored.`,
    `Give --stride ${window} or less.`,
  );

const tooShort = (file: string) =>
  new UserError(
    'TEXT_TOO_SHORT',
    `${file} has fewer than 2 tokens; there is nothing to predict.`,
    'Give a longer text.',
  );
