import { Interrupted } from '../contract/error.ts';
import type { OnProgress } from '../contract/progress.ts';
import { StoppedError } from './failure.ts';
import { ProgressDisplay } from './progress-display.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a long operation of the engine: shows its progress on standard error and lets Ctrl+C (or SIGTERM, SIGHUP) stop
 * it between two micro-batches; a second Ctrl+C stops at once.
 * @param whatNext what to tell the person who stopped it, one sentence
 * @throws StoppedError, and whatever `work` throws
 */
export async function runOperation<T>(
  work: (onProgress: OnProgress, signal: AbortSignal) => Promise<T>,
  whatNext: string,
): Promise<T> {
  const display = new ProgressDisplay(process.stderr);
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    // Whoever ends a process by SIGTERM may send several; a person who presses Ctrl+C twice means it.
    if (controller.signal.aborted && signal === 'SIGINT') process.exit(130);
    if (controller.signal.aborted) return;
    controller.abort();
    display.clear();
    process.stderr.write('Stopping after this step; press Ctrl+C again to stop at once.\n');
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  try {
    return await work(display.show, controller.signal);
  } catch (error) {
    if (error instanceof Interrupted) throw new StoppedError('Stopped on request.', whatNext);
    throw error;
  } finally {
    display.clear();
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}
