import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../bootstrap/project.mjs';
import type { Outcome } from './outcome.ts';

/**
 * Runs a script of node_modules on this Node with our standard output and error.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export function runTool(script: string, toolArguments: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(projectFolder, 'node_modules', script), ...toolArguments], {
    cwd: projectFolder,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
}

/** A linter or a type checker counts as one test. */
export async function runAsOneTest(
  name: string,
  script: string,
  toolArguments: readonly string[],
): Promise<Outcome> {
  const passed = (await runTool(script, toolArguments)) === 0;
  console.log(`${passed ? '✓' : '✗'} ${name}\n`);
  return {
    passed: passed ? 1 : 0,
    skippedNames: [],
    failures: passed ? [] : [{ name, message: '' }],
    files: [],
  };
}
