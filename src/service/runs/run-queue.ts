import { UserError } from '../../contract/error.ts';
import type { Problem } from '../../contract/problem.ts';
import type { RunStatus, RunSummary } from '../../contract/run.ts';
import type { RunProgress } from '../../contract/run-progress.ts';
import type { Emit } from '../events.ts';
import type { Keeper } from '../keeper.ts';
import { framesOf } from '../to-problem.ts';
import { removePartialOutputs } from './own-output.ts';
import { clearRunFiles, removeRunFiles, waitForOwner } from './run-files.ts';
import type { WorkerReport } from './worker-message.ts';
import { type WorkerEnd, WorkerProcess } from './worker-process.ts';

interface ActiveRun {
  readonly id: number;
  readonly worker: WorkerProcess;
  stopping: 'pause' | 'cancel' | 'end' | null;
  progress: RunProgress | null;
  /** What it told is written to the history one after the other. */
  recorded: Promise<unknown>;
}

/** One run at a time, the others in the order in which they were put into the queue. */
export class RunQueue {
  private readonly keeper: Keeper;
  private readonly emit: Emit;
  private active: ActiveRun | null = null;
  private starting = false;
  private isOpen = true;
  private ended: Promise<unknown> = Promise.resolve();

  constructor(keeper: Keeper, emit: Emit) {
    this.keeper = keeper;
    this.emit = emit;
  }

  /** Begins the first run in the queue, if none is at work. */
  async next(): Promise<void> {
    if (this.active || this.starting || !this.isOpen) return;
    this.starting = true;
    try {
      while (!this.active && this.isOpen) {
        const [waiting] = await this.keeper.runs.withStatus('queued');
        if (!waiting) break;
        await this.begin(waiting.summary.id);
      }
    } finally {
      this.starting = false;
    }
    await this.tellActivity();
  }

  progressOf(id: number): RunProgress | null {
    return this.active?.id === id ? this.active.progress : null;
  }

  /** With what only the queue knows. */
  live(summary: RunSummary): RunSummary {
    const { stopping = null } = this.active?.id === summary.id ? this.active : {};
    return { ...summary, stopping: stopping === 'end' ? null : stopping };
  }

  async pause(id: number): Promise<RunSummary> {
    const { summary } = await this.keeper.runs.get(id);
    if (this.active?.id === id) {
      this.active.stopping ??= 'pause';
      this.active.worker.stop();
      return this.tell(summary);
    }
    if (summary.status !== 'queued') throw wrongStatus(summary, 'paused');
    const held = await this.keeper.runs.end(id, 'paused', { at: now(), workedMs: 0, problem: null });
    await this.keeper.audit.append('run.paused', subject(summary), {});
    void this.tellActivity();
    return this.tell(held.summary);
  }

  async resume(id: number): Promise<RunSummary> {
    const { summary } = await this.keeper.runs.get(id);
    if (!(['paused', 'interrupted', 'failed'] as RunStatus[]).includes(summary.status)) {
      throw wrongStatus(summary, 'resumed');
    }
    await this.keeper.audit.append('run.resumed', subject(summary), {});
    const queued = await this.keeper.runs.enqueue(id, now());
    void this.next();
    return this.tell(queued.summary);
  }

  async cancel(id: number): Promise<RunSummary> {
    const { summary } = await this.keeper.runs.get(id);
    if (this.active?.id === id) {
      const { active } = this;
      active.stopping = 'cancel';
      active.worker.kill();
      return this.tell(summary);
    }
    if (summary.status === 'finished' || summary.status === 'cancelled')
      throw wrongStatus(summary, 'cancelled');
    return this.giveUp(id, 0);
  }

  /** Stops the run at work, to be resumed later, and begins no other. */
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

  private async begin(id: number): Promise<void> {
    const { folders, runs, log } = this.keeper;
    await waitForOwner(folders.engineRun(id));
    // While it waited the run may have been paused, given up or deleted, or the service told to end.
    const isWaiting = (await runs.withStatus('queued')).some((run) => run.summary.id === id);
    if (!isWaiting || !this.isOpen) return;
    const { summary, request, outcome } = await runs.begin(id, now());
    const job = {
      ...{ kind: 'run' as const, runId: id, request, outcome },
      engineRun: folders.engineRun(id),
      distributions: folders.distributions(id),
      presetFile: folders.preset(id),
    };
    const worker = new WorkerProcess(job, folders.temporary(id), (report) => this.record(report));
    this.active = { id, worker, stopping: null, progress: null, recorded: Promise.resolve() };
    log.info('run started', { run: id, worker: worker.pid ?? null });
    this.tell(summary);
    this.ended = worker.end.then((end) => this.finish(end));
    this.ended.catch((error) => log.error('run could not be recorded', { run: id, where: framesOf(error) }));
  }

  private record(report: WorkerReport): void {
    const { active } = this;
    if (!active) return;
    if (report.kind === 'progress') {
      active.progress = report.progress;
      this.emit('run.progress', report.progress);
      return;
    }
    active.recorded = active.recorded.then(() => this.write(active.id, report));
  }

  private async write(id: number, report: WorkerReport): Promise<void> {
    const { runs, audit } = this.keeper;
    if (report.kind === 'outcome') this.tell((await runs.setOutcome(id, report.outcome)).summary);
    if (report.kind !== 'inputs') return;
    const { datasets, modelFingerprint } = report;
    await runs.setDatasets(id, datasets);
    const { summary, request, appVersion } = await runs.get(id);
    await audit.append('run.started', subject(summary), {
      model: { dir: request.modelDir, fingerprint: modelFingerprint },
      data: datasets.map(({ part, path, sha256 }) => ({ part, path, sha256 })),
      settings: request.settings,
      outDir: request.outDir,
      appVersion,
    });
  }

  private async finish(end: WorkerEnd): Promise<void> {
    const { active } = this;
    if (!active) return;
    const { id, stopping } = active;
    const workedMs = performance.now() - active.worker.startedAtMs;
    await active.recorded;
    this.keeper.log.info('run ended', { run: id, how: end.kind, workedMs: Math.round(workedMs) });
    if (end.kind === 'refused')
      this.keeper.log.warn('run refused', { run: id, code: end.problem.code, where: end.where });
    const { status, problem } = verdict(end, stopping);
    this.active = null;
    if (status === 'cancelled') await this.giveUp(id, workedMs);
    else await this.conclude(id, status, workedMs, problem);
    void this.next();
  }

  private async conclude(
    id: number,
    status: RunStatus,
    workedMs: number,
    problem: Problem | null,
  ): Promise<void> {
    const { runs, audit, folders } = this.keeper;
    const ended = await runs.end(id, status, { at: now(), workedMs, problem });
    if (status === 'finished' && !(await this.keeper.settings()).keepScores) await clearRunFiles(folders, id);
    const action = status as 'paused' | 'interrupted' | 'failed' | 'finished';
    await audit.append(`run.${action}`, subject(ended.summary), {
      ...(problem && { code: problem.code }),
      ...(status === 'finished' && {
        outDir: ended.summary.outDir,
        weightFiles: ended.outcome.report?.weightFiles.map(({ name, sha256 }) => ({ name, sha256 })) ?? [],
      }),
    });
    this.tell(ended.summary);
  }

  private async giveUp(id: number, workedMs: number): Promise<RunSummary> {
    const { runs, audit, folders } = this.keeper;
    const ended = await runs.end(id, 'cancelled', { at: now(), workedMs, problem: null });
    await removePartialOutputs(ended.summary.outDir);
    await removeRunFiles(folders, id);
    await audit.append('run.cancelled', subject(ended.summary), {});
    return this.tell(ended.summary);
  }

  private tell(summary: RunSummary): RunSummary {
    const live = this.live(summary);
    this.emit('run.changed', live);
    return live;
  }

  async tellActivity(): Promise<void> {
    const queued = await this.keeper.runs.count('queued');
    this.emit('activity.changed', { running: this.active ? 1 : 0, queued });
  }
}

function verdict(
  end: WorkerEnd,
  stopping: ActiveRun['stopping'],
): { status: RunStatus; problem: Problem | null } {
  if (end.kind === 'finished') return { status: 'finished', problem: null };
  if (stopping === 'cancel') return { status: 'cancelled', problem: null };
  if (end.kind === 'refused') return { status: 'failed', problem: end.problem };
  if (stopping === 'pause') return { status: 'paused', problem: null };
  if (stopping === 'end') return { status: 'interrupted', problem: null };
  return { status: 'interrupted', problem: died(end.kind === 'died' ? end.how : end.kind) };
}

const died = (how: string): Problem => ({
  code: 'WORKER_DIED',
  message: `The computation ended without a word (${how}). Most often the memory ran out and the system ended it.`,
  fix: 'Resume the run: it goes on from the last finished layer. If it ends again, close other programs first.',
});

const now = (): string => new Date().toISOString();

export const subject = ({ id, name }: Pick<RunSummary, 'id' | 'name'>): string => `run ${id} “${name}”`;

const wrongStatus = ({ name, status }: RunSummary, wanted: string) =>
  new UserError(
    'RUN_STATUS',
    `“${name}” is ${status}, so it cannot be ${wanted}.`,
    'Look at its present state; it may have changed in the meantime.',
  );
