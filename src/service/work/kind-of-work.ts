import type { RunStatus, WorkSummary } from '../../contract/work.ts';
import type { Attempt } from '../../history/work-changes.ts';
import type { WorkerJob, WorkerProgress, WorkerReport } from '../runs/worker-message.ts';

/** What a worker is started with. */
export interface PreparedWork {
  readonly job: WorkerJob;
  /** For its temporary files, which derive from texts. */
  readonly temporary: string;
}

/** What a queue has to know of the kind of work that waits in it. */
export interface KindOfWork<Summary extends WorkSummary, Progress> {
  /** As the audit trail and the log call it. */
  readonly noun: 'run' | 'experiment';
  get(id: number): Promise<Summary>;
  /** In the queue's order. */
  queued(): Promise<readonly Summary[]>;
  enqueue(id: number, at: string): Promise<Summary>;
  begin(id: number, at: string): Promise<Summary>;
  end(id: number, status: RunStatus, attempt: Attempt): Promise<Summary>;
  /** Its folder in which the engine leaves a lock. */
  lockedFolder(id: number): string;
  prepare(id: number): Promise<PreparedWork>;
  /** Writes down what a worker has told beside its progress. */
  write(id: number, report: WorkerReport): Promise<void>;
  progress(id: number, progress: WorkerProgress): Progress;
  tellProgress(progress: Progress): void;
  /** Clears away what an ended attempt leaves and nobody needs any more. */
  clear(summary: Summary): Promise<void>;
  /** What the audit trail says of finished work, beside its name. */
  outcome(id: number): Promise<Readonly<Record<string, unknown>>>;
  tell(summary: Summary): void;
}
