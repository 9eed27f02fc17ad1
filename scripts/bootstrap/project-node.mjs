import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { projectFolder } from './project.mjs';

/**
 * The Node 24 that the project runs on: the one that npm installed for this platform, else, where the registry
 * has none (macOS), the one that is running, if it is new enough.
 */
export function projectNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const folder = join(projectFolder, 'node_modules', `node-${platform}-${process.arch}`, 'bin');
  const installed = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Failure(
    `The project runs on Node 24; ${installed} does not exist and the Node that is running is ${process.version}.`,
    'Install Node 24 or later from nodejs.org and run the same command again.',
  );
}
