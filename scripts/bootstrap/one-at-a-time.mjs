import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFolder, say } from './project.mjs';

/**
 * Runs `work` while no other process installs or sets up this same folder: two `npm ci` at once break each other.
 * The lock is outside of the project because `npm ci` empties node_modules. A lock whose process is gone is taken over.
 *
 * @param {() => Promise<void>} work
 */
export async function oneAtATime(work) {
  const name = createHash('sha256').update(projectFolder).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `dpruner-set-up-${name}.lock`);
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) say('Another process is setting up this folder; waiting for it …');
    await sleep(200);
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** @param {string} lock */
function isHeld(lock) {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // An empty file is a lock whose owner is just writing its number.
    return owner === 0 || process.kill(owner, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to somebody else.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
