import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { engineNodeOptions } from '../../engine/node-options.mjs';
import { type WorkerJob, type WorkerOrder, type WorkerReport, workerReport } from './worker-message.ts';

const WORKER = join(import.meta.dirname, '../worker.ts');

/** How a worker came to its end. `died`: without a word, by itself, the system or `kill`. */
export type WorkerEnd = { readonly kind: 'finished' | 'stopped' } | DeadWorker | RefusedJob;
type DeadWorker = { readonly kind: 'died'; readonly how: string; readonly wasKilled: boolean };
type RefusedJob = Extract<WorkerReport, { kind: 'refused' }>;

/** A worker at work, seen from the service. */
export class WorkerProcess {
  readonly startedAtMs = performance.now();
  /** Resolves once the process is gone and its temporary files are removed. */
  readonly end: Promise<WorkerEnd>;
  private readonly child: ChildProcess;
  private wasKilled = false;

  /**
   * @param temporary a folder of the worker's own for temporary files, which derive from texts
   * @param onReport everything but how it ended
   */
  constructor(job: WorkerJob, temporary: string, onReport: (report: WorkerReport) => void) {
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    this.child = spawn(process.execPath, [...engineNodeOptions, WORKER], {
      // What native libraries print may quote anything; the worker's words come over the channel.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      windowsHide: true,
    });
    yieldToOthers(this.child.pid);
    this.end = this.watch(onReport).finally(() => rmSync(temporary, { recursive: true, force: true }));
    this.order({ kind: 'start', job });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to end after the step at work. */
  stop(): void {
    this.order({ kind: 'stop' });
  }

  /** Ends it at once. */
  kill(): void {
    this.wasKilled = true;
    this.child.kill('SIGKILL');
  }

  private order(order: WorkerOrder): void {
    this.child.send(order, () => {}); // a worker that is gone is noticed by its exit
  }

  private watch(onReport: (report: WorkerReport) => void): Promise<WorkerEnd> {
    return new Promise((resolve) => {
      let ended: WorkerEnd | null = null;
      this.child.on('message', (message) => {
        const report = workerReport.parse(message);
        if (report.kind === 'finished' || report.kind === 'stopped' || report.kind === 'refused')
          ended = report;
        else onReport(report);
      });
      const die = (how: string) => resolve(ended ?? { kind: 'died', how, wasKilled: this.wasKilled });
      this.child.on('error', (error: NodeJS.ErrnoException) => die(error.code ?? error.name));
      // All messages have been read once the channel is closed as well.
      this.child.on('close', (code, signal) => die(signal ?? `exit code ${code}`));
    });
  }
}

/** The engine takes every core: what a person does on this computer meanwhile goes first. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let it: it works all the same.
  }
}
