import { z } from 'zod';
import { BACKEND_NAMES } from '../../contract/run-request.ts';

/** A text that a model is to continue. */
export const promptForModel = z.strictObject({
  modelDir: z.string(),
  prompt: z.string(),
  maxNewTokens: z.int(),
  backend: z.enum(BACKEND_NAMES).nullable(),
});
export type PromptForModel = z.infer<typeof promptForModel>;
