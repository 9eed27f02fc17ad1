import { UserError } from '../../contract/error.ts';
import type { Problem } from '../../contract/problem.ts';
import type { RunStatus, WorkSummary } from '../../contract/work.ts';
import { explainDatabaseError } from '../../history/database-error.ts';
import type { Attempt } from '../../history/work-changes.ts';
import type { Keeper } from '../keeper.ts';
import { waitForOwner } from '../runs/run-files.ts';
import type { WorkerReport } from '../runs/worker-message.ts';
import { type WorkerEnd, WorkerProcess } from '../runs/worker-process.ts';
import { framesOf, toProblem } from '../to-problem.ts';
import type { KindOfWork, PreparedWork } from './kind-of-work.ts';
import { type Stopping, verdict } from './verdict.ts';
import type { Waiting, Workbench } from './workbench.ts';

interface ActiveWork<Progress> {
  readonly id: number;
  readonly worker: WorkerProcess;
  stopping: Stopping;
  progress: Progress | null;
  /** What it told is written down one after the other. */
  recorded: Promise<unknown>;
  /** Why that failed; null where it did not. */
  fault: Problem | null;
}

/** Work of one kind, one after the other in the order in which it was put into the queue. */
export class WorkQueue<Summary extends WorkSummary, Progress> implements Waiting {
  private readonly kind: KindOfWork<Summary, Progress>;
  private readonly bench: Workbench;
  private readonly keeper: Pick<Keeper, 'audit' | 'log' | 'folders'>;
  private readonly onActivity: () => void;
  private active: ActiveWork<Progress> | null = null;
  /** What became of work could not be written into the history: its disk is full, for instance. */
  private readonly unrecorded = new Map<number, Problem>();
  private isOpen = true;
  private ended: Promise<unknown> = Promise.resolve();

  /** @param onActivity called when work has begun or ended, or the queue has changed */
  constructor(
    kind: KindOfWork<Summary, Progress>,
    bench: Workbench,
    keeper: Pick<Keeper, 'audit' | 'log' | 'folders'>,
    onActivity: () => void,
  ) {
    this.kind = kind;
    this.bench = bench;
    this.keeper = keeper;
    this.onActivity = onActivity;
    bench.add(this);
  }

  get isAtWork(): boolean {
    return this.active !== null;
  }

  /** Something has come into the queue. */
  async next(): Promise<void> {
    if (this.isOpen) await this.bench.next();
    this.onActivity();
  }

  async beginFirst(): Promise<boolean> {
    while (this.isOpen) {
      const waiting = (await this.kind.queued()).find(({ id }) => !this.unrecorded.has(id));
      if (!waiting) return false;
      if (await this.begin(waiting.id)) return true;
    }
    return false;
  }

  progressOf(id: number): Progress | null {
    return this.active?.id === id ? this.active.progress : null;
  }

  /** With what only the queue knows. */
  live(summary: Summary): Summary {
    const problem = this.unrecorded.get(summary.id);
    if (problem) return { ...summary, status: 'interrupted', problem };
    const { stopping = null } = this.active?.id === summary.id ? this.active : {};
    return { ...summary, stopping: stopping === 'end' ? null : stopping };
  }

  async pause(id: number): Promise<Summary> {
    const summary = this.live(await this.kind.get(id));
    if (this.active?.id === id) {
      this.active.stopping ??= 'pause';
      this.active.worker.stop();
      return this.tell(summary);
    }
    if (summary.status !== 'queued') throw this.wrongStatus(summary, 'paused');
    const held = await this.kind.end(id, 'paused', { at: now(), workedMs: 0, problem: null });
    await this.note('paused', summary, {});
    this.onActivity();
    return this.tell(held);
  }

  async resume(id: number): Promise<Summary> {
    const summary = this.live(await this.kind.get(id));
    if (!(['paused', 'interrupted', 'failed'] as RunStatus[]).includes(summary.status)) {
      throw this.wrongStatus(summary, 'resumed');
    }
    await this.note('resumed', summary, {});
    const queued = await this.kind.enqueue(id, now());
    this.unrecorded.delete(id);
    void this.next();
    return this.tell(queued);
  }

  async cancel(id: number): Promise<Summary> {
    const summary = this.live(await this.kind.get(id));
    if (this.active?.id === id) {
      const { active } = this;
      active.stopping = 'cancel';
      active.worker.kill();
      return this.tell(summary);
    }
    if (summary.status === 'finished' || summary.status === 'cancelled')
      throw this.wrongStatus(summary, 'cancelled');
    const ended = await this.giveUp(id, 0);
    this.onActivity();
    return ended;
  }

  /** Stops what is at work, to be resumed later, and begins nothing more. */
  async close(patienceMs: number): Promise<void> {
    this.isOpen = false;
    const { active } = this;
    if (active) {
      active.stopping ??= 'end';
      active.worker.stop();
      const timer = setTimeout(() => active.worker.kill(), patienceMs);
      await active.worker.end;
      clearTimeout(timer);
    }
    await this.ended;
  }

  /** For the very end of the process: nothing can be waited for any more. */
  kill(): void {
    this.active?.worker.kill();
  }

  /** @returns whether its worker is at work now */
  private async begin(id: number): Promise<boolean> {
    await waitForOwner(this.kind.lockedFolder(id));
    // While it waited the work may have been paused, given up or deleted, or the service told to end.
    const isWaiting = (await this.kind.queued()).some((one) => one.id === id);
    if (!isWaiting || !this.isOpen) return false;
    const prepared = await this.prepare(id);
    if (!prepared) return false;
    const summary = await this.tryTo(id, () => this.kind.begin(id, now()));
    if (!summary) return false;
    const { job, temporary } = prepared;
    const worker = new WorkerProcess(job, temporary, (report) => this.record(report));
    this.active = { id, worker, stopping: null, progress: null, recorded: Promise.resolve(), fault: null };
    const { noun } = this.kind;
    this.keeper.log.info(`${noun} started`, { [noun]: id, worker: worker.pid ?? null });
    this.tell(summary);
    this.onActivity();
    this.ended = worker.end.then((end) => this.finish(end)).catch((error) => this.explain(id, error));
    return true;
  }

  /** null: what it needs is gone, and it has failed for that. */
  private async prepare(id: number): Promise<PreparedWork | null> {
    try {
      return await this.kind.prepare(id);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await this.conclude(id, 'failed', { at: now(), workedMs: 0, problem: toProblem(error) });
      return null;
    }
  }

  private record(report: WorkerReport): void {
    const { active } = this;
    if (!active) return;
    if (report.kind === 'progress') {
      active.progress = this.kind.progress(active.id, report.progress);
      this.kind.tellProgress(active.progress);
      return;
    }
    active.recorded = active.recorded
      .then(() => this.kind.write(active.id, report))
      .catch((error) => {
        // To go on would be to compute what is lost. Finished layers stay.
        active.fault ??= this.explain(active.id, error);
        active.worker.stop();
      });
  }

  private async finish(end: WorkerEnd): Promise<void> {
    const { active } = this;
    if (!active) return;
    const { id, stopping } = active;
    const { noun } = this.kind;
    const workedMs = performance.now() - active.worker.startedAtMs;
    await active.recorded;
    this.keeper.log.info(`${noun} ended`, { [noun]: id, how: end.kind, workedMs: Math.round(workedMs) });
    if (end.kind === 'refused')
      this.keeper.log.warn(`${noun} refused`, { [noun]: id, code: end.problem.code, where: end.where });
    const { status, problem } = active.fault
      ? { status: 'interrupted' as const, problem: active.fault }
      : verdict(end, stopping, noun);
    this.active = null;
    try {
      await this.tryTo(id, () =>
        status === 'cancelled'
          ? this.giveUp(id, workedMs)
          : this.conclude(id, status, { at: now(), workedMs, problem }),
      );
    } finally {
      void this.bench.leave().finally(this.onActivity);
    }
  }

  /**
   * Writes into the history. Where that fails, the work counts as interrupted, with the reason, until it can be written.
   * @returns null then
   */
  private async tryTo(id: number, write: () => Promise<Summary>): Promise<Summary | null> {
    try {
      return await write();
    } catch (error) {
      const problem = this.explain(id, error);
      const summary = await this.kind.get(id);
      // What was written before it failed holds.
      if (summary.status === 'queued' || summary.status === 'running') this.unrecorded.set(id, problem);
      this.tell(summary);
      return null;
    }
  }

  private explain(id: number, error: unknown): Problem {
    const { folders, log } = this.keeper;
    const { noun } = this.kind;
    const problem = toProblem(explainDatabaseError(error, folders.databaseFile, folders.backups));
    log.error(`${noun} could not be recorded`, { [noun]: id, code: problem.code, where: framesOf(error) });
    return problem;
  }

  private async conclude(id: number, status: RunStatus, attempt: Attempt): Promise<Summary> {
    const ended = await this.kind.end(id, status, attempt);
    await this.kind.clear(ended);
    await this.note(status as 'paused' | 'interrupted' | 'failed' | 'finished', ended, {
      ...(attempt.problem && { code: attempt.problem.code }),
      ...(status === 'finished' && (await this.kind.outcome(id))),
    });
    return this.tell(ended);
  }

  private async giveUp(id: number, workedMs: number): Promise<Summary> {
    const ended = await this.kind.end(id, 'cancelled', { at: now(), workedMs, problem: null });
    this.unrecorded.delete(id);
    await this.kind.clear(ended);
    await this.note('cancelled', ended, {});
    return this.tell(ended);
  }

  private note(
    action: 'paused' | 'resumed' | 'cancelled' | 'interrupted' | 'failed' | 'finished',
    summary: Summary,
    details: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    return this.keeper.audit.append(`${this.kind.noun}.${action}`, subject(this.kind.noun, summary), details);
  }

  private tell(summary: Summary): Summary {
    const live = this.live(summary);
    this.kind.tell(live);
    return live;
  }

  private wrongStatus({ name, status }: Summary, wanted: string): UserError {
    return new UserError(
      `${this.kind.noun.toUpperCase()}_STATUS`,
      `“${name}” is ${status}, so it cannot be ${wanted}.`,
      'Look at its present state; it may have changed in the meantime.',
    );
  }
}

const now = (): string => new Date().toISOString();

/** As the audit trail names it. */
export const subject = (noun: string, { id, name }: Pick<WorkSummary, 'id' | 'name'>): string =>
  `${noun} ${id} “${name}”`;
