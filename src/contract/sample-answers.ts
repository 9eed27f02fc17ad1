import { z } from 'zod';

export const answersQuestion = z.strictObject({
  runId: z.int(),
  /** The text to continue; it is neither kept nor logged. */
  prompt: z.string().trim().min(1).max(20_000),
  maxNewTokens: z.int().min(1).max(500).default(60),
});

export const sampleAnswer = z.object({
  /** What follows the prompt, each time by the most likely token. */
  text: z.string(),
  newTokens: z.int(),
  tokensPerSecond: z.number(),
  /** What a person should know. */
  notes: z.array(z.string()),
});
export type SampleAnswer = z.infer<typeof sampleAnswer>;

/** How the model went on before pruning and goes on after it. */
export const sampleAnswers = z.object({ dense: sampleAnswer, pruned: sampleAnswer });
export type SampleAnswers = z.infer<typeof sampleAnswers>;
