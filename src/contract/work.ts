import { z } from 'zod';
import { problem } from './problem.ts';

export const RUN_STATUSES = [
  'queued',
  'running',
  /** Stopped by the person after a finished layer; `runs.resume` goes on. */
  'paused',
  /** Ended by a crash, a power loss or the end of the application; `runs.resume` goes on. */
  'interrupted',
  /** `problem` says why; `runs.resume` tries again from the last finished layer. */
  'failed',
  /** Given up by the person; its scores and scratch are gone. */
  'cancelled',
  'finished',
] as const;
export const runStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof runStatus>;

/** What runs and experiments have in common as rows of a list. */
export const workSummary = z.object({
  id: z.int(),
  name: z.string(),
  status: runStatus,
  /** Asked for while it is at work, until the worker has ended. */
  stopping: z.enum(['pause', 'cancel']).nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** Time at work, over all attempts. */
  workedMs: z.number(),
  modelName: z.string(),
  modelDir: z.string(),
  problem: problem.nullable(),
});
export type WorkSummary = z.infer<typeof workSummary>;
