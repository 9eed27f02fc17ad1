#!/usr/bin/env node
// What every npm script starts. Plain JavaScript for Node 18 or later, because nothing is installed yet on a fresh
// clone: it installs the packages, sets up TensorFlow and then goes on in the project's own Node 24.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { engineNodeOptions } from '../src/engine/node-options.mjs';
import { dependenciesMatchLock, installDependencies } from './bootstrap/dependencies.mjs';
import { Failure } from './bootstrap/failure.mjs';
import { oneAtATime } from './bootstrap/one-at-a-time.mjs';
import { projectFolder, say } from './bootstrap/project.mjs';
import { projectNode } from './bootstrap/project-node.mjs';
import { isReady } from './bootstrap/ready-stamp.mjs';
import { runChild } from './bootstrap/run-child.mjs';

const setUpScript = join(projectFolder, 'scripts', 'set-up.ts');
const startScript = join(projectFolder, 'scripts', 'start.ts');
const makeScript = join(projectFolder, 'scripts', 'make.ts');
const testScript = join(projectFolder, 'scripts', 'test.ts');
const commandLine = join(projectFolder, 'src', 'cli', 'main.ts');

/** @type {Record<string, (commandArguments: string[]) => Promise<number>>} */
const commands = {
  setup: async () => {
    await prepare({ again: true });
    return 0;
  },
  start: async (commandArguments) => {
    await prepare();
    return run(startScript, commandArguments);
  },
  test: async (commandArguments) => {
    await prepare();
    return run(testScript, commandArguments);
  },
  make: async (commandArguments) => {
    await prepare();
    return run(makeScript, commandArguments);
  },
  dpruner: async (commandArguments) => {
    await prepare();
    return run(commandLine, commandArguments, callersFolder(), engineNodeOptions);
  },
};

/** Installs and sets up what is missing; a few milliseconds when nothing is. */
async function prepare({ again = false } = {}) {
  if (isReady() && !again) return;
  await oneAtATime(async () => {
    if (!dependenciesMatchLock()) installDependencies();
    if (isReady() && !again) return;
    const code = await runChild(projectNode(), [setUpScript], projectFolder);
    if (code !== 0) process.exit(code);
  });
}

/** @param {string} script @param {string[]} commandArguments @param {string} [cwd] @param {readonly string[]} [nodeOptions] */
function run(script, commandArguments, cwd = projectFolder, nodeOptions = []) {
  if (!existsSync(script)) {
    const name = relative(projectFolder, script);
    throw new Failure(`${name} does not exist in ${projectFolder}.`, 'Check out the whole repository again.');
  }
  return runChild(projectNode(), [script, ...commandArguments], cwd, nodeOptions);
}

/** npm runs scripts in the project's folder; the paths that the user gave are relative to where npm was called. */
function callersFolder() {
  return process.env.npm_lifecycle_event === 'dpruner' ? process.env.INIT_CWD : process.cwd();
}

const [name = '', ...commandArguments] = process.argv.slice(2);
try {
  const command = commands[name];
  if (!command) {
    const known = Object.keys(commands).join(', ');
    throw new Failure(`"${name}" is not a command of this script.`, `Use one of: ${known}.`);
  }
  process.exitCode = await command(commandArguments);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(`${error.message}\n${error.fix}`);
  process.exitCode = 1;
}
