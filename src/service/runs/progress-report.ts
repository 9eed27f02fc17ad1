import type { Progress } from '../../contract/progress.ts';
import { RemainingTime } from './remaining-time.ts';
import type { RunStep, WholeRun } from './whole-run.ts';
import type { WorkerProgress } from './worker-message.ts';

export type { RunStep } from './whole-run.ts';

const LEAST_INTERVAL_MS = 250;

/** Turns the engine's progress into the application's, and passes on four a second at most and each stage's beginning. */
export class ProgressReport {
  private readonly startedAtMs = performance.now();
  private readonly remaining = new RemainingTime();
  private readonly whole: WholeRun | undefined;
  private stepSinceMs = 0;
  private step: RunStep | null = null;
  private sentAtMs = -Infinity;
  private last = '';
  private readonly send: (progress: WorkerProgress) => void;

  /** @param whole of a run; of an experiment, which has no steps, the engine knows the time left as a whole */
  constructor(send: (progress: WorkerProgress) => void, whole?: WholeRun) {
    this.send = send;
    this.whole = whole;
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
    if (step !== this.step) this.stepSinceMs = now;
    this.step = step;
    // What is estimated of a stage says nothing about the next; what is estimated of the whole does.
    if (place !== this.last && step !== null) this.remaining.clear();
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
      ...this.timeLeft(step, now),
      elapsedMs: now - this.startedAtMs,
      memoryBytes: process.memoryUsage.rss(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      message: message ?? null,
    });
  }

  private timeLeft(
    step: RunStep | null,
    now: number,
  ): Pick<WorkerProgress, 'remainingMs' | 'wholeRemainingMs'> {
    const range = this.remaining.range(now);
    if (step === null) return { remainingMs: null, wholeRemainingMs: range };
    const whole = range && this.whole?.left(step, now - this.stepSinceMs, range);
    return { remainingMs: range, wholeRemainingMs: whole ?? null };
  }
}
