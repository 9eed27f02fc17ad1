#!/usr/bin/env node
import { Console } from 'node:console';
import { CommanderError } from 'commander';
import { dprunerCommand } from './command-line.ts';
import { writeFailure } from './outcome.ts';

// Standard output is for results. Libraries log on the console: that goes to standard error.
globalThis.console = new Console(process.stderr);
// Nor can a person do anything about what tfjs calls in Node.
process.noDeprecation = true;
// Whoever reads the results may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const commandArguments = process.argv.slice(2);
const asJson = commandArguments.includes('--json');
process.once('uncaughtException', (error) => {
  writeFailure(error, asJson);
  process.exit();
});
try {
  await dprunerCommand().parseAsync(commandArguments, { from: 'user' });
} catch (error) {
  // --help and --version end the parsing by an error with exit code 0.
  const isDone = error instanceof CommanderError && error.exitCode === 0;
  if (!isDone) writeFailure(error, asJson);
}
