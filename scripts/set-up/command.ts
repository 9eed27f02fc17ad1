import { spawn } from 'node:child_process';

export interface CommandResult {
  /** null when the program could not be started or a signal ended it. */
  readonly exitCode: number | null;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** Runs a program to its end, without a shell; it is ended with this process. Never throws: a program that is not there has the exit code null. */
export function runCommand(program: string, programArguments: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, programArguments, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = () => child.kill();
    process.once('exit', end);
    child.once('error', (error) => resolve({ exitCode: null, output: error.message }));
    child.once('close', (exitCode) => {
      process.off('exit', end);
      resolve({ exitCode, output });
    });
  });
}

/** The last lines that say something, for an error message. */
export function lastLines(output: string, count = 3): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
