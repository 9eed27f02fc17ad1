import type { Progress } from '../../contract/progress.ts';
import type { RUN_STEPS } from '../../contract/run-progress.ts';
import { RemainingTime } from './remaining-time.ts';
import type { WorkerProgress } from './worker-message.ts';

const LEAST_INTERVAL_MS = 250;

export type RunStep = (typeof RUN_STEPS)[number];

/** Turns the engine's progress into the application's, and passes on four a second at most and each stage's beginning. */
export class ProgressReport {
  private readonly startedAtMs = performance.now();
  private readonly remaining = new RemainingTime();
  private sentAtMs = -Infinity;
  private last = '';
  private readonly send: (progress: WorkerProgress) => void;

  constructor(send: (progress: WorkerProgress) => void) {
    this.send = send;
  }

  /**
   * @param step null where there are none: in an experiment
   * @param laterMs estimated time of what comes in this step after what the engine knows of
   */
  pass(
    step: RunStep | null,
    { stage, done, total, tokensPerSecond, remainingMs, message }: Progress,
    laterMs = 0,
  ): void {
    const now = performance.now();
    const place = `${step} ${stage}`;
    if (place !== this.last) this.remaining.clear();
    if (remainingMs !== undefined) this.remaining.add(remainingMs + laterMs, now);
    if (place === this.last && now - this.sentAtMs < LEAST_INTERVAL_MS && done < total) return;
    this.last = place;
    this.sentAtMs = now;
    this.send({
      step,
      stage,
      done,
      total,
      tokensPerSecond: tokensPerSecond ?? null,
      remainingMs: this.remaining.range(now),
      elapsedMs: now - this.startedAtMs,
      memoryBytes: process.memoryUsage.rss(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      message: message ?? null,
    });
  }
}
