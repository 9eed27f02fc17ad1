import { z } from 'zod';
import { runResult, textResult } from '../contract/result.ts';

/** What a run has measured and written so far. What is there needs not be done again when it is resumed. */
export const runOutcome = z.object({
  /** Of each text as soon as its dense perplexity is measured. */
  texts: z.array(textResult),
  /** Once the pruned model is written and verified. */
  report: runResult.omit({ runId: true, texts: true, hasScores: true, hasBothImportances: true }).nullable(),
});
export type RunOutcome = z.infer<typeof runOutcome>;

export const NO_OUTCOME: RunOutcome = { texts: [], report: null };
