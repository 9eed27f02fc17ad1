import { z } from 'zod';
import { experimentName } from './experiment.ts';
import { experimentRequest } from './experiment-request.ts';
import { workSummary } from './work.ts';

/** An experiment as a row of the list; its statuses are those of a run. */
export const experimentSummary = workSummary.extend({ experiment: experimentName });
export type ExperimentSummary = z.infer<typeof experimentSummary>;

export const experimentDetail = z.object({
  summary: experimentSummary,
  request: experimentRequest,
  /** Place among the waiting experiments, from 1; null unless queued. Runs go before all of them. */
  queuePosition: z.int().nullable(),
});
export type ExperimentDetail = z.infer<typeof experimentDetail>;

export const experimentPage = z.object({ total: z.int(), experiments: z.array(experimentSummary) });
