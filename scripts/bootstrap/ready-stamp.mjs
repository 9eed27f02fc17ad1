import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectCache, projectFolder } from './project.mjs';

/** Written by set-up.ts when it has ended; read at every start, so that a start costs a few milliseconds. */
export const readyStampFile = join(projectCache, 'ready.json');

/** @typedef {{ key: string, needs: { path: string, bytes: number }[] }} ReadyStamp */

/** Whether set-up has run for these very packages and scripts, and what it made is still there. */
export function isReady() {
  try {
    /** @type {ReadyStamp} */
    const stamp = JSON.parse(readFileSync(readyStampFile, 'utf8'));
    return stamp.key === readyKey() && stamp.needs.every(({ path, bytes }) => statSync(path).size === bytes);
  } catch {
    return false;
  }
}

/** Changes when the packages, the set-up scripts or the sources that it compiles change. */
export function readyKey() {
  const sources = [join('scripts', 'set-up'), join('src', 'engine', 'tensor', 'native')].flatMap((part) => {
    const folder = join(projectFolder, part);
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
  });
  const hash = createHash('sha256');
  for (const file of [
    join(projectFolder, 'package-lock.json'),
    join(projectFolder, 'scripts', 'set-up.ts'),
    ...sources,
  ]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}
