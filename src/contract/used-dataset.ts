import { z } from 'zod';

/** A data file that runs have read. Another content at the same path is another data set. */
export const usedDataset = z.object({
  path: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  /** How many runs of the history have read it. */
  runs: z.int(),
  /** When the latest of them was asked for. */
  lastUsedAt: z.string(),
});
export type UsedDataset = z.infer<typeof usedDataset>;
