import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type BackendName, openBackend } from '../tensor/backend.ts';
import { openTokenizer } from '../tokenizer/open-tokenizer.ts';
import { weightBytes } from './layer-source.ts';
import { openGenerator } from './open-generator.ts';

export interface GenerateTextRequest {
  readonly modelDir: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  /** null: the best that works. */
  readonly backend: BackendName | null;
}

export interface GeneratedText {
  /** What follows the prompt. */
  readonly text: string;
  readonly promptTokens: number;
  readonly newTokens: number;
  /** Reading the prompt included, loading the model not. */
  readonly tokensPerSecond: number;
  /** What a person should know. */
  readonly notes: readonly string[];
}

/** Continues one text. @throws UserError for what opening the model, the tokenizer and the generator throw; Interrupted */
export async function generateText(
  { modelDir, prompt, maxNewTokens, backend }: GenerateTextRequest,
  signal?: AbortSignal,
): Promise<GeneratedText> {
  const checkpoint = await openCheckpoint(modelDir);
  try {
    const tokenizer = await openTokenizer(checkpoint.dir);
    await openBackend(backend);
    const generator = await openGenerator(checkpoint);
    try {
      const ids = tokenizer.encode(prompt);
      const startedAtMs = performance.now();
      const [found] = await generator.generate([ids], { maxNewTokens, ...(signal && { signal }) });
      const seconds = (performance.now() - startedAtMs) / 1000;
      return {
        text: tokenizer.decode(found),
        promptTokens: ids.length,
        newTokens: found.length,
        tokensPerSecond: found.length / seconds,
        notes: generator.weightsInMemory ? [] : [readFromDisk(weightBytes(checkpoint))],
      };
    } finally {
      await generator.close();
    }
  } finally {
    await checkpoint.close();
  }
}

const readFromDisk = (bytes: number): string =>
  `The weights need ${(bytes / 2 ** 30).toFixed(1)} GiB of memory and a gibibyte to spare, which are not free; each token read them from the disk.`;
