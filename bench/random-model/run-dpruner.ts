import { spawnSync } from 'node:child_process';

/** Runs a command of the program as a person would and returns what it says in JSON; `plan` may say that a run does not fit. */
export function runDpruner(command: 'doctor' | 'plan' | 'prune', options: readonly string[] = []): unknown {
  const { status, stdout, error } = spawnSync(
    process.execPath,
    ['scripts/dpruner.mjs', command, '--json', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (stdout === '' || (status !== 0 && command !== 'plan'))
    throw error ?? new Error(`dpruner ${command} ended with exit code ${status}`);
  return JSON.parse(stdout);
}
