import { z } from 'zod';

/** What went wrong, in the form in which it crosses process borders; the fields of a `UserError`. */
export const problem = z.object({
  /** Stable identifier, for example `CHECKPOINT_MISSING_SHARD`. */
  code: z.string(),
  /** What was found and what was expected; never calibration text. */
  message: z.string(),
  /** What the person can do, as one sentence. */
  fix: z.string(),
});
export type Problem = z.infer<typeof problem>;
