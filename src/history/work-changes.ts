import type { Problem } from '../contract/problem.ts';
import type { RunStatus, WorkSummary } from '../contract/work.ts';

/** What is written of runs and experiments alike, on their way through the queue. */

/** The statuses of what is at work no more. */
export const ENDED: RunStatus[] = ['finished', 'failed', 'cancelled', 'interrupted', 'paused'];

/** Into the queue, at its end. */
export const queued = (at: string) =>
  ({ status: 'queued', queued_at: at, ended_at: null, problem: null }) as const;

export const begun = ({ startedAt }: WorkSummary, at: string) =>
  ({ status: 'running', started_at: startedAt ?? at, problem: null }) as const;

/** One time at work: when it ended, how long it took, why it ended if it has not finished. */
export interface Attempt {
  readonly at: string;
  readonly workedMs: number;
  readonly problem: Problem | null;
}

export const ended = (before: WorkSummary, status: RunStatus, { at, workedMs, problem }: Attempt) => ({
  status,
  ended_at: at,
  worked_ms: before.workedMs + workedMs,
  problem: problem && JSON.stringify(problem),
});
