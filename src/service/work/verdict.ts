import type { Problem } from '../../contract/problem.ts';
import type { RunStatus } from '../../contract/run.ts';
import type { WorkerEnd } from '../runs/worker-process.ts';

/** What the worker was told, by the person or because the application ends. */
export type Stopping = 'pause' | 'cancel' | 'end' | null;

/** What becomes of work whose worker has ended this way. */
export function verdict(
  end: WorkerEnd,
  stopping: Stopping,
  noun: 'run' | 'experiment',
): { readonly status: RunStatus; readonly problem: Problem | null } {
  if (end.kind === 'finished') return { status: 'finished', problem: null };
  if (stopping === 'cancel') return { status: 'cancelled', problem: null };
  if (end.kind === 'refused') return { status: 'failed', problem: end.problem };
  if (stopping === 'pause') return { status: 'paused', problem: null };
  if (stopping === 'end') return { status: 'interrupted', problem: null };
  return { status: 'interrupted', problem: died(end.kind === 'died' ? end.how : end.kind, noun) };
}

const died = (how: string, noun: string): Problem => ({
  code: 'WORKER_DIED',
  message: `The computation ended without a word (${how}). Most often the memory ran out and the system ended it.`,
  fix: `Resume the ${noun}: it goes on from the last finished layer. If it ends again, close other programs first.`,
});
