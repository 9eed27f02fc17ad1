import { setImmediate } from 'node:timers/promises';
import { Interrupted } from '../../contract/error.ts';
import type { OnProgress, Stage } from '../../contract/progress.ts';
import { enterStage, leaveStage } from '../tensor/tensor-budget.ts';

/** A stage's share of the work: `layers` steps over `tokens` tokens at `flopsPerToken` a layer. */
export interface StageWork {
  readonly stage: Stage;
  readonly layers: number;
  readonly tokens: number;
  readonly flopsPerToken: number;
}

export interface StageTiming {
  readonly stage: Stage;
  readonly seconds: number;
  /** Tokens taken through all layers a second. */
  readonly tokensPerSecond: number;
  /** The most bytes of tensors at a time. */
  readonly tensorBytes: number;
}

/** Reports a long operation: layers done, measured tokens/s, and the time left by the work done and still to do. */
export class ProgressMeter {
  private readonly startedAtMs = performance.now();
  private readonly totalFlops: number;
  private doneFlops = 0;
  private stage: StageWork | null = null;
  private stageStartedAtMs = 0;
  private stageTokens = 0;
  private readonly finished: StageTiming[] = [];
  private readonly work: readonly StageWork[];
  private readonly onProgress: OnProgress;
  private readonly signal: AbortSignal | undefined;

  constructor(work: readonly StageWork[], onProgress: OnProgress, signal?: AbortSignal) {
    this.work = work;
    this.onProgress = onProgress;
    this.signal = signal;
    this.totalFlops = work.reduce(
      (total, { layers, tokens, flopsPerToken }) => total + layers * tokens * flopsPerToken,
      0,
    );
  }

  start(stage: Stage): void {
    this.finishStage();
    this.stage = this.work.find((work) => work.stage === stage) ?? null;
    this.stageStartedAtMs = performance.now();
    this.stageTokens = 0;
    enterStage(stage);
    this.report(0);
  }

  /**
   * Counts a micro-batch that went through `layersDone` (a fraction while a layer is at work) and lets the process
   * answer signals. @throws Interrupted
   */
  async passed(tokens: number, layersDone: number): Promise<void> {
    this.stageTokens += tokens;
    this.doneFlops += tokens * (this.stage?.flopsPerToken ?? 0);
    this.report(layersDone);
    await this.breathe();
  }

  /** Lets the process answer signals during work that is not counted. @throws Interrupted */
  async breathe(): Promise<void> {
    await setImmediate();
    if (this.signal?.aborted) throw new Interrupted('stopped on request; finished layers are kept');
  }

  /** How long each stage took so far, and its rate through all its layers. */
  timings(): StageTiming[] {
    this.finishStage();
    return this.finished;
  }

  private finishStage(): void {
    if (!this.stage) return;
    const seconds = (performance.now() - this.stageStartedAtMs) / 1000;
    const tokensPerSecond = this.stageTokens / (this.stage.layers * seconds);
    this.finished.push({ stage: this.stage.stage, seconds, tokensPerSecond, tensorBytes: leaveStage() });
    this.stage = null;
  }

  private report(done: number): void {
    if (!this.stage) return;
    const now = performance.now();
    const stageSeconds = (now - this.stageStartedAtMs) / 1000;
    const tokensPerSecond = this.stageTokens / (this.stage.layers * stageSeconds);
    const remainingMs = ((this.totalFlops - this.doneFlops) * (now - this.startedAtMs)) / this.doneFlops;
    this.onProgress({
      stage: this.stage.stage,
      done,
      total: this.stage.layers,
      ...(this.stageTokens > 0 && { tokensPerSecond }),
      ...(this.doneFlops > 0 && { remainingMs }),
    });
  }
}
