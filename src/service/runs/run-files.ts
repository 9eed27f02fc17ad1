import { existsSync, rmSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Folders } from '../folders.ts';
import { isAlive } from './process-alive.ts';

const OWNER_PATIENCE_MS = 60_000;

/** Removes everything that a run has of its own but for the pruned model. */
export async function removeRunFiles(folders: Folders, id: number): Promise<void> {
  await rm(folders.run(id), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Removes a finished run's scores; its distributions and figures stay. */
export async function clearRunFiles(folders: Folders, id: number): Promise<void> {
  await rm(folders.engineRun(id), { recursive: true, force: true });
  await rm(folders.temporary(id), { recursive: true, force: true });
}

/** Removes what derives from texts, which a killed worker has left. */
export function removeScratch(folders: Folders, id: number): void {
  for (const folder of [join(folders.engineRun(id), 'scratch'), folders.temporary(id)]) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Waits until the worker of a service that was killed has noticed and ended; it does so after its micro-batch. A lock of
 * before the last start of the computer is removed: whoever has that process id now is somebody else.
 */
export async function waitForOwner(engineRun: string, patienceMs = OWNER_PATIENCE_MS): Promise<void> {
  const lock = join(engineRun, 'lock');
  const giveUpAt = performance.now() + patienceMs;
  while (existsSync(lock) && performance.now() < giveUpAt) {
    const { mtimeMs } = await stat(lock);
    if (mtimeMs < Date.now() - uptime() * 1000) return rm(lock, { force: true });
    const owner = Number(await readFile(lock, 'utf8'));
    if (!(owner > 0) || owner === process.pid || !isAlive(owner)) return;
    await setTimeout(100);
  }
}

/** Bytes of all files below a folder; 0 where there is none. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(
      async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => null))?.size ?? 0,
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
