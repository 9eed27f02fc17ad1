import { type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { RUN_ORDERS, RunPage, runQuery } from '../contract/run.ts';
import { type RunRow, toSummary } from './run-row.ts';
import type { Tables } from './tables.ts';

/** Perplexities are sorted by the pruned model's; runs without one come last in either direction. */
const COLUMNS: Record<(typeof RUN_ORDERS)[number], keyof RunRow> = {
  createdAt: 'created_at',
  name: 'name',
  status: 'status',
  modelName: 'model_name',
  domain: 'domain',
  sparsity: 'sparsity',
  mu: 'mu',
  workedMs: 'worked_ms',
  domainPerplexity: 'domain_pruned',
  generalPerplexity: 'general_pruned',
};

const LISTED = [
  ...['id', 'name', 'status', 'created_at', 'queued_at', 'started_at', 'ended_at', 'worked_ms', 'model_name'],
  ...['model_dir', 'domain', 'method', 'criterion', 'sparsity', 'mu', 'seed', 'out_dir', 'domain_dense'],
  ...['domain_pruned', 'general_dense', 'general_pruned', 'app_version', 'repeats', 'problem'],
] as Exclude<keyof RunRow, 'request' | 'outcome' | 'search'>[];

/** A page of the history's list. */
export async function listRuns(query: Kysely<Tables>, wanted: z.output<typeof runQuery>): Promise<RunPage> {
  const matching = query.selectFrom('runs').where((runs) => matches(runs, wanted));
  const { total } = await matching
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await matching
    .select(LISTED)
    .orderBy(COLUMNS[wanted.orderBy], (order) => (wanted.descending ? order.desc() : order.asc()).nullsLast())
    .orderBy('id', wanted.descending ? 'desc' : 'asc')
    .limit(wanted.limit)
    .offset(wanted.offset)
    .execute();
  return { total, runs: rows.map(toSummary) };
}

function matches(runs: ExpressionBuilder<Tables, 'runs'>, { text, statuses }: z.output<typeof runQuery>) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return runs.and([
    ...(statuses.length > 0 ? [runs('status', 'in', statuses)] : []),
    // instr, not LIKE: a percent sign in a search means itself.
    ...words.map((word) => sql<SqlBool>`instr(search, ${word}) > 0`),
  ]);
}
