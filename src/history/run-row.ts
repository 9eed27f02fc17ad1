import { basename } from 'node:path';
import type { Insertable, Selectable } from 'kysely';
import { problem } from '../contract/problem.ts';
import type { RunSummary } from '../contract/run.ts';
import { type RunRequest, runRequest } from '../contract/run-request.ts';
import { NO_OUTCOME, type RunOutcome, runOutcome } from './run-outcome.ts';
import type { Tables } from './tables.ts';

export type RunRow = Selectable<Tables['runs']>;

/** A run as the history keeps it. */
export interface StoredRun {
  readonly summary: RunSummary;
  readonly request: RunRequest;
  readonly outcome: RunOutcome;
  readonly appVersion: string;
  readonly repeats: number | null;
}

export interface NewRun {
  readonly request: RunRequest;
  readonly modelName: string;
  readonly appVersion: string;
  readonly repeats: number | null;
  readonly at: string;
}

export function toNewRow({
  request,
  modelName,
  appVersion,
  repeats,
  at,
}: NewRun): Insertable<Tables['runs']> {
  const { name, modelDir, outDir, settings, calibration } = request;
  const domain = calibration?.preset.title ?? null;
  return {
    name,
    status: 'queued',
    created_at: at,
    queued_at: at,
    started_at: null,
    ended_at: null,
    model_name: modelName,
    model_dir: modelDir,
    domain,
    method: settings.method,
    criterion: settings.criterion,
    sparsity: settings.sparsity,
    mu: settings.mu,
    seed: settings.seed,
    out_dir: outDir,
    domain_dense: null,
    domain_pruned: null,
    general_dense: null,
    general_pruned: null,
    app_version: appVersion,
    repeats,
    request: JSON.stringify(request),
    outcome: JSON.stringify(NO_OUTCOME),
    problem: null,
    search: searchText(name, modelName, domain, outDir),
  };
}

export const searchText = (name: string, modelName: string, domain: string | null, outDir: string): string =>
  [name, modelName, domain ?? '', basename(outDir)].join('\n').toLowerCase();

export const toStored = (row: RunRow): StoredRun => ({
  summary: toSummary(row),
  request: runRequest.parse(JSON.parse(row.request)),
  outcome: runOutcome.parse(JSON.parse(row.outcome)),
  appVersion: row.app_version,
  repeats: row.repeats,
});

/** What the history's list shows; the long columns are not needed for it. */
export function toSummary(row: Omit<RunRow, 'request' | 'outcome' | 'search'>): RunSummary {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    stopping: null,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    workedMs: row.worked_ms,
    modelName: row.model_name,
    modelDir: row.model_dir,
    domain: row.domain,
    method: row.method,
    criterion: row.criterion,
    sparsity: row.sparsity,
    mu: row.mu,
    seed: row.seed,
    outDir: row.out_dir,
    domainPerplexity: pair(row.domain_dense, row.domain_pruned),
    generalPerplexity: pair(row.general_dense, row.general_pruned),
    problem: row.problem === null ? null : problem.parse(JSON.parse(row.problem)),
  };
}

const pair = (dense: number | null, pruned: number | null) =>
  dense === null || pruned === null ? null : { dense, pruned };

/** The columns by which runs are sorted: of each role's first text. */
export function figureColumns({ texts }: RunOutcome) {
  const first = (role: 'domain' | 'general') => texts.find((text) => text.role === role);
  const [domain, general] = [first('domain'), first('general')];
  return {
    domain_dense: domain?.dense.perplexity ?? null,
    domain_pruned: domain?.pruned?.perplexity ?? null,
    general_dense: general?.dense.perplexity ?? null,
    general_pruned: general?.pruned?.perplexity ?? null,
  };
}
