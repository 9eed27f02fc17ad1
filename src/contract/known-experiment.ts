import { z } from 'zod';
import { experimentName } from './experiment.ts';
import { experimentRequest } from './experiment-request.ts';
import { problem } from './problem.ts';
import { runStatus } from './run.ts';

/** An experiment as a row of the list; its statuses are those of a run. */
export const experimentSummary = z.object({
  id: z.int(),
  name: z.string(),
  experiment: experimentName,
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
export type ExperimentSummary = z.infer<typeof experimentSummary>;

export const experimentDetail = z.object({
  summary: experimentSummary,
  request: experimentRequest,
  /** Place among the waiting experiments, from 1; null unless queued. Runs go before all of them. */
  queuePosition: z.int().nullable(),
});
export type ExperimentDetail = z.infer<typeof experimentDetail>;

export const experimentPage = z.object({ total: z.int(), experiments: z.array(experimentSummary) });
