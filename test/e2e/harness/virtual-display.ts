import { spawn } from 'node:child_process';

export interface VirtualDisplay {
  /** As in the variable DISPLAY. */
  readonly display: string;
  close(): void;
}

/** Room for a window of 1920 × 1080 with its frame. */
const SCREEN = '2200x1400x24';

/** A display without a screen, under a number that is free. */
export function startVirtualDisplay(): Promise<VirtualDisplay> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`Xvfb ended with exit code ${code}.`)));
    server.stdio[3]?.once('data', (number) =>
      resolve({ display: `:${String(number).trim()}`, close: () => void server.kill() }),
    );
  });
}
