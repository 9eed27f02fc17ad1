import { z } from 'zod';
import { runResult, textResult } from '../contract/result.ts';
import { taskResult } from '../contract/task.ts';

/** What a run has measured and written so far. What is there needs not be done again when it is resumed. */
export const runOutcome = z.object({
  /** Of each text as soon as its dense perplexity is measured. */
  texts: z.array(textResult),
  /** What the dense model made of each window of these texts; empty once the pruned one has been set beside it. */
  denseWindows: z.array(z.array(z.object({ nll: z.number(), tokens: z.int() }))).default([]),
  /** Of each task as soon as the dense model is measured on it. */
  tasks: z
    .array(
      z.object({
        result: taskResult,
        /** What the dense model made of each item, in numbers of the engine's; null once the pruned one has been set beside it. */
        denseOutcomes: z.unknown(),
      }),
    )
    .default([]),
  /** Once the pruned model is written and verified. */
  report: runResult
    .omit({ runId: true, texts: true, tasks: true, hasScores: true, hasBothImportances: true })
    .nullable(),
});
export type RunOutcome = z.infer<typeof runOutcome>;

export const NO_OUTCOME: RunOutcome = { texts: [], denseWindows: [], tasks: [], report: null };
