import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { engineEnvironment } from '../engine-environment.mjs';
import { projectFolder } from './project.mjs';

const endWithParent = pathToFileURL(join(projectFolder, 'scripts', 'bootstrap', 'end-with-parent.mjs')).href;

/**
 * Runs a script of the project on the given Node with this process's input and output, and passes signals on to it.
 *
 * @param {string} node
 * @param {string[]} scriptAndArguments
 * @param {string} [cwd]
 * @param {readonly string[]} [nodeOptions]
 * @returns {Promise<number>} its exit code; 128 + the signal's number if a signal ended it (SIGINT: 130)
 */
export function runChild(node, scriptAndArguments, cwd = process.cwd(), nodeOptions = []) {
  // tfjs-node still uses util.isArray, of which Node warns at every start.
  const options = ['--disable-warning=DEP0044', '--import', endWithParent, ...nodeOptions];
  const child = spawn(node, [...options, ...scriptAndArguments], {
    cwd,
    env: { ...engineEnvironment, ...process.env, DPRUNER_ENDS_WITH_PARENT: '1' },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const forwarders = forwardSignals(child);
  const watch = watchNpm(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const [name, forward] of forwarders) process.off(name, forward);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {[NodeJS.Signals, () => void][]}
 */
function forwardSignals(child) {
  // Ctrl+C in a terminal reaches the child by itself: a second SIGINT would read as "stop at once".
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const forwardInterrupt = () => hasTerminal || child.kill('SIGINT');
  /** @type {[NodeJS.Signals, () => void][]} */
  const forwarders = [
    ['SIGINT', forwardInterrupt],
    ['SIGTERM', () => child.kill('SIGTERM')],
    ['SIGHUP', () => child.kill('SIGHUP')],
  ];
  for (const [name, forward] of forwarders) process.on(name, forward);
  return forwarders;
}

/**
 * An npm that is killed (SIGKILL) tells nobody: those it started, the shell and then this process, only get another parent.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function watchNpm(child) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return undefined;
  const started = ancestors();
  return setInterval(() => ancestors() !== started && child.kill('SIGTERM'), 1000);
}

/** Our parent (the shell) and, where the system tells, its parent (npm). */
function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'latin1');
    // "pid (name) state parent …"; a name may hold blanks and brackets
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(process.ppid);
  }
}
