import type { OnProgress, Stage } from '../contract/progress.ts';
import { fitLine, formatProgress } from './progress-line.ts';

/** Where progress is shown: standard error, or a test's recorder. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5000;
const ERASE_LINE = '\r\u001b[2K';

/**
 * Shows progress: on a terminal one line that is drawn anew, elsewhere (a file, a pipe) a line when a stage begins and
 * then one every five seconds.
 */
export class ProgressDisplay {
  private readonly stream: ProgressStream;
  private readonly now: () => number;
  private shownAtMs = 0;
  private shownStage: Stage | null = null;
  private isLineDrawn = false;

  constructor(stream: ProgressStream, now: () => number = () => performance.now()) {
    this.stream = stream;
    this.now = now;
  }

  readonly show: OnProgress = (progress) => {
    const now = this.now();
    const intervalMs = this.stream.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (progress.stage === this.shownStage && now - this.shownAtMs < intervalMs) return;
    this.shownAtMs = now;
    this.shownStage = progress.stage;
    this.draw(formatProgress(progress));
  };

  /** Removes the line that is being redrawn, so that what follows begins on a clean one. */
  clear(): void {
    if (this.isLineDrawn) this.stream.write(ERASE_LINE);
    this.isLineDrawn = false;
  }

  private draw(line: string): void {
    if (!this.stream.isTTY) {
      this.stream.write(`${line}\n`);
      return;
    }
    this.stream.write(ERASE_LINE + fitLine(line, this.stream.columns || 80));
    this.isLineDrawn = true;
  }
}
