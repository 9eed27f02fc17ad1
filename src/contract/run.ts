import { z } from 'zod';
import { runRequest } from './run-request.ts';
import { runStatus, workSummary } from './work.ts';

export { RUN_STATUSES, type RunStatus, runStatus } from './work.ts';

/** A run as a row of the history. */
export const runSummary = workSummary.extend({
  /** Title of the preset; null without calibration. */
  domain: z.string().nullable(),
  method: z.string(),
  criterion: z.string(),
  sparsity: z.number(),
  mu: z.number(),
  seed: z.int(),
  outDir: z.string(),
  /** Perplexity on the first text of each role, once measured. */
  domainPerplexity: z.object({ dense: z.number(), pruned: z.number() }).nullable(),
  generalPerplexity: z.object({ dense: z.number(), pruned: z.number() }).nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const runDetail = z.object({
  summary: runSummary,
  request: runRequest,
  /** Scores and records; null where the run has none (magnitude) or they were removed. */
  runDir: z.string().nullable(),
  /** What its files take now: scores and scratch, and the pruned model. */
  runBytes: z.int(),
  outBytes: z.int(),
  /** Place in the queue, from 1; null unless queued. */
  queuePosition: z.int().nullable(),
  appVersion: z.string(),
  /** The run whose request this one repeats. */
  repeats: z.int().nullable(),
});
export type RunDetail = z.infer<typeof runDetail>;

export const RUN_ORDERS = [
  'createdAt',
  'name',
  'status',
  'modelName',
  'domain',
  'sparsity',
  'mu',
  'workedMs',
  'domainPerplexity',
  'generalPerplexity',
] as const;

export const runQuery = z.strictObject({
  /** Words that all have to occur in the name, model, domain or output folder; any case. */
  text: z.string().max(200).default(''),
  /** Empty: all. */
  statuses: z.array(runStatus).default([]),
  orderBy: z.enum(RUN_ORDERS).default('createdAt'),
  descending: z.boolean().default(true),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(50),
});
export type RunQuery = z.input<typeof runQuery>;

export const runPage = z.object({
  /** That match, on all pages. */
  total: z.int(),
  runs: z.array(runSummary),
});
export type RunPage = z.infer<typeof runPage>;
