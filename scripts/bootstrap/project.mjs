import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the project's own tools may write without asking; `npm ci` empties it. */
export const projectCache = join(projectFolder, 'node_modules', '.cache', 'dpruner');

/** @param {string} line one line for the person at the screen; standard output belongs to the command itself. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
