import type { OnProgress } from '../../contract/progress.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type BackendName, currentBackend, openBackend } from '../tensor/backend.ts';
import { measureText, type ReadingOptions, readEvaluatedText, type TextSource } from './evaluated-text.ts';
import type { PerplexityResult, WindowNll } from './perplexity.ts';

export interface EvaluateRequest extends ReadingOptions {
  readonly modelDir: string;
  readonly source: TextSource;
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

/** @throws UserError for what `readEvaluatedText` and opening the model and the backend throw */
export async function evaluate(
  request: EvaluateRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<EvaluateReport & { readonly ofWindows: readonly WindowNll[] }> {
  const checkpoint = await openCheckpoint(request.modelDir);
  try {
    const text = await readEvaluatedText(checkpoint, request.source, request);
    await openBackend(request.backend);
    const result = await measureText(checkpoint, text, onProgress, signal);
    const { file, sha256, window, stride, maxTokens } = text;
    const backend = currentBackend();
    return { ...result, model: checkpoint.dir, file, sha256, window, stride, maxTokens, backend };
  } finally {
    await checkpoint.close();
  }
}
