import { Interrupted } from '../../contract/error.ts';
import type { OnProgress } from '../../contract/progress.ts';

/** What a transfer of weight files reports to while it goes. */
export interface TransferProgress {
  /** Counts bytes that were dealt with; throws Interrupted once the signal is aborted. */
  advance(bytes: number): void;
  /** Counts a finished file. */
  finishFile(name: string): void;
}

export interface TransferOptions {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

const REPORT_EVERY_MS = 250;

/** Reports files done, and the time left in this stage as the bytes so far suggest it. */
export function transferProgress(
  stage: 'export' | 'verify',
  totalFiles: number,
  totalBytes: number,
  { onProgress, signal }: TransferOptions,
): TransferProgress {
  const startMs = performance.now();
  let reportedMs = startMs;
  let doneFiles = 0;
  let doneBytes = 0;
  const report = (message?: string) => {
    reportedMs = performance.now();
    const remainingMs = ((reportedMs - startMs) * (totalBytes - doneBytes)) / Math.max(1, doneBytes);
    onProgress?.({ stage, done: doneFiles, total: totalFiles, remainingMs, ...(message && { message }) });
  };
  return {
    advance(bytes) {
      throwIfStopped(signal);
      doneBytes += bytes;
      if (performance.now() - reportedMs > REPORT_EVERY_MS) report();
    },
    finishFile(name) {
      doneFiles++;
      report(name);
    },
  };
}

export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Interrupted('The export was stopped; nothing of it is left.');
}
