import { z } from 'zod';
import { problem } from './problem.ts';
import { BACKEND_NAMES, runRequest } from './run-request.ts';

export const hardwareQuestion = z.strictObject({ request: runRequest });

/** A named share of a predicted peak. */
const share = z.object({ name: z.string(), bytes: z.number() });

export const hardwareRow = z.object({
  id: z.enum(['backend', 'graphics', 'memory', 'scratch-disk', 'output-disk', 'disk']),
  title: z.string(),
  isOk: z.boolean(),
  /** What was found, one sentence with units. */
  finding: z.string(),
  /** What the run needs at its peak and what is free; null for the backend. */
  neededBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
  /** What the peak is made of. */
  parts: z.array(share),
  /** null where the row is ok. */
  problem: problem.nullable(),
});

export const backendTrial = z.object({
  name: z.enum(BACKEND_NAMES),
  isUsable: z.boolean(),
  /** The one that the run would use. */
  isChosen: z.boolean(),
  /** Why it cannot be used. */
  reason: z.string().nullable(),
  /** Measured now: float32 matrix products, 10⁹ operations a second. */
  matMulGflops: z.number().nullable(),
});

export const hardwareReport = z.object({
  rows: z.array(hardwareRow),
  backends: z.array(backendTrial),
  /** Time of the run; null where no backend can be used. */
  predictedMs: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** The same, a stage. */
  stages: z.array(z.object({ stage: z.string(), low: z.number(), high: z.number() })),
  machine: z.object({ cpuModel: z.string(), cores: z.int(), memoryTotalBytes: z.number() }),
});
export type HardwareReport = z.infer<typeof hardwareReport>;
