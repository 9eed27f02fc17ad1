import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sent as soon as standard error holds `after`. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly after: string };
}

/** Runs the command line as a person would, in a process of its own on the project's Node. */
export function runCli(commandArguments: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { cwd, env, signal } = options;
  const child = spawn(process.execPath, [MAIN, ...commandArguments], {
    cwd,
    env: { ...process.env, npm_lifecycle_event: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let isSignalSent = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (!signal || isSignalSent || !stderr.includes(signal.after)) return;
    isSignalSent = true;
    child.kill(signal.name);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
