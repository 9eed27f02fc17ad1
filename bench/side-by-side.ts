import { spawnSync } from 'node:child_process';

/** Runs a program to its end and returns what it says in JSON. */
export function runForJson(program: string, options: readonly string[]): unknown {
  const { status, stdout, error } = spawnSync(program, options, {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw error ?? new Error(`${program} ${options[0]} ended with exit code ${status}`);
  return JSON.parse(stdout);
}

/** One line: both figures, and their ratio; above 1 the engine needs less. */
export const printRatio = (what: string, engine: number, pytorch: number): void =>
  console.log(`${figures(what, engine, pytorch)}   PyTorch / engine = ${(pytorch / engine).toFixed(2)}`);

/** What and both figures, in columns. */
export const figures = (what: string, ...values: readonly number[]): string =>
  `${what.padEnd(24)}${values.map((value) => value.toFixed(1).padStart(9)).join('')}`;
