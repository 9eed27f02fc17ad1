import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import type { exportRequest, ModelExport } from '../../contract/model-export.ts';
import type { StoredRun } from '../../history/run-row.ts';
import type { Emit } from '../events.ts';
import type { Keeper } from '../keeper.ts';
import { framesOf } from '../to-problem.ts';
import { subject } from '../work/work-queue.ts';
import { removePartialOutputs } from './own-output.ts';
import { type WorkerEnd, WorkerProcess } from './worker-process.ts';

type ExportRequest = z.output<typeof exportRequest>;

/** Makes models of runs' scores, one after the other, beside a run that may be at work. */
export class ExportDesk {
  private readonly keeper: Keeper;
  private readonly emit: Emit;
  private last: Promise<unknown> = Promise.resolve();
  private worker: WorkerProcess | null = null;
  private current: ModelExport | null = null;
  private readonly cancelled = new Set<number>();
  private isOpen = true;

  constructor(keeper: Keeper, emit: Emit) {
    this.keeper = keeper;
    this.emit = emit;
  }

  async start(request: ExportRequest): Promise<ModelExport> {
    const run = await this.keeper.runs.get(request.runId);
    if (!run.outcome.report) throw unfinished(run);
    const { settings } = run.request;
    const begun = await this.keeper.exports.add({
      runId: request.runId,
      status: 'running',
      createdAt: new Date().toISOString(),
      endedAt: null,
      outDir: request.outDir,
      format: request.format,
      sparsity: request.changes.sparsity ?? settings.sparsity,
      mu: request.changes.mu ?? settings.mu,
      progress: null,
      zeros: null,
      size: null,
      elapsedMs: 0,
      texts: [],
      problem: null,
    });
    this.last = this.last
      .then(() => this.perform(run, request, begun))
      .catch((error) => this.keeper.log.error('export could not be recorded', { where: framesOf(error) }));
    return begun;
  }

  async cancel(id: number): Promise<ModelExport> {
    const known = await this.keeper.exports.get(id);
    if (known.status !== 'running') return known;
    this.cancelled.add(id);
    if (this.current?.id === id) this.worker?.kill();
    return known;
  }

  /** With its progress, where it is at work. */
  live(known: ModelExport): ModelExport {
    return this.current?.id === known.id ? this.current : known;
  }

  kill(): void {
    this.isOpen = false;
    this.worker?.kill();
  }

  async close(): Promise<void> {
    this.kill();
    await this.last;
  }

  private async perform(run: StoredRun, request: ExportRequest, begun: ModelExport): Promise<void> {
    const { folders } = this.keeper;
    const job = {
      ...{ kind: 'export' as const, runId: run.summary.id, export: request },
      ...{ request: run.request, outcome: run.outcome },
      engineRun: folders.engineRun(run.summary.id),
      distributions: folders.distributions(run.summary.id),
    };
    this.current = begun;
    let end: WorkerEnd = { kind: 'stopped' };
    const startedAtMs = performance.now();
    if (this.isOpen && !this.cancelled.has(begun.id)) {
      this.worker = new WorkerProcess(job, join(folders.temporaryOfTasks, `export-${begun.id}`), (report) => {
        if (report.kind === 'exported') {
          const { size, zeros, texts } = report;
          this.become({ size, zeros, texts });
        } else if (report.kind === 'progress') {
          const { stage, done, total } = report.progress;
          this.become({ progress: { stage, done, total }, elapsedMs: performance.now() - startedAtMs });
        }
      });
      end = await this.worker.end;
      this.worker = null;
    }
    await this.conclude(run, end, performance.now() - startedAtMs);
  }

  private become(changes: Partial<ModelExport>): void {
    if (!this.current) return;
    this.current = { ...this.current, ...changes };
    this.emit('export.changed', this.current);
  }

  private async conclude(run: StoredRun, end: WorkerEnd, elapsedMs: number): Promise<void> {
    const { current } = this;
    if (!current) return;
    const isCancelled = this.cancelled.delete(current.id) && end.kind !== 'finished';
    const status = end.kind === 'finished' ? 'finished' : isCancelled ? 'cancelled' : 'failed';
    const problem = end.kind === 'refused' ? end.problem : status === 'failed' ? lost(current.outDir) : null;
    this.become({ status, endedAt: new Date().toISOString(), progress: null, elapsedMs, problem });
    if (status !== 'finished') await removePartialOutputs(current.outDir);
    if (this.current) await this.keeper.exports.save(this.current);
    this.current = null;
    if (status === 'cancelled') return;
    const { outDir, sparsity, mu } = current;
    const details = { outDir, sparsity, mu, ...(problem && { code: problem.code }) };
    await this.keeper.audit.append(`export.${status}`, subject('run', run.summary), details);
  }
}

const unfinished = ({ summary }: StoredRun) =>
  new UserError(
    'RUN_UNFINISHED',
    `“${summary.name}” has not been pruned yet, so no other model can be made of it.`,
    'Wait until it has finished, or resume it.',
  );

const lost = (outDir: string) => ({
  code: 'WORKER_DIED',
  message: `The export to ${outDir} ended without a word; nothing of it is left.`,
  fix: 'Export again; if it ends again, close other programs first: most often the memory ran out.',
});
