import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { projectFolder, say } from './project.mjs';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes down what it has installed in
 * node_modules/.package-lock.json, as its last step, so that an interrupted installation does not match.
 */
export function dependenciesMatchLock() {
  const wanted = readPackages(join(projectFolder, 'package-lock.json'));
  const installed = readPackages(join(projectFolder, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // npm leaves out an optional package that is made for another platform.
    return found ? found.version === version : Boolean(optional || devOptional);
  });
}

/** Installs exactly package-lock.json. All of npm's output goes to standard error. */
export function installDependencies() {
  say('Installing the packages of package-lock.json (npm ci) …');
  const { command, leading } = npm();
  const { status, error } = spawnSync(
    command,
    [...leading, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: projectFolder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && leading.length === 0,
    },
  );
  if (error || status !== 0) {
    throw new Failure(
      `npm ci did not succeed (${error ? error.message : `exit code ${status}`}).`,
      'Read the lines of npm above; most often the package registry cannot be reached. Then run the same command again.',
    );
  }
}

/** @param {string} file @returns {Record<string, LockedPackage> | undefined} */
function readPackages(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Under `npm run`, the very npm that was called; else the one on the PATH. */
function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js')
    ? { command: process.execPath, leading: [script] }
    : { command: 'npm', leading: [] };
}
