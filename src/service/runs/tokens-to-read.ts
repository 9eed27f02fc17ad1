import { stat } from 'node:fs/promises';
import type { RunRequest } from '../../contract/run-request.ts';
import type { ModelConfig } from '../../engine/checkpoint/config.ts';

/** Bytes of English text a token, by most tokenizers. */
const BYTES_A_TOKEN = 4;
const DEFAULT_WINDOW = 2048;
const DEFAULT_STRIDE = 512;

/** About how many tokens a model reads to be measured on these texts: a guess from their bytes. */
export async function tokensToRead(
  { texts, window: wanted, stride: wantedStride, maxTokens }: RunRequest['evaluation'],
  { maxPositionEmbeddings }: ModelConfig,
): Promise<number> {
  const window = wanted ?? Math.min(DEFAULT_WINDOW, maxPositionEmbeddings);
  const stride = wantedStride ?? Math.min(DEFAULT_STRIDE, window);
  let tokens = 0;
  for (const { file } of texts) {
    const bytes = (await stat(file).catch(() => null))?.size ?? 0;
    const inText = Math.min(bytes / BYTES_A_TOKEN, maxTokens ?? Infinity);
    tokens += Math.max(window, inText) * (window / stride);
  }
  return tokens;
}
