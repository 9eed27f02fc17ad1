import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Makes a folder whole or not at all: `fill` works in a temporary folder beside it, which then takes its name.
 * When another process was faster, its folder stays and ours is removed.
 */
export async function placeFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const prefix = `.${basename(folder)}-`;
  await mkdir(dirname(folder), { recursive: true });
  await removeLeftovers(dirname(folder), prefix);
  const temporary = await mkdtemp(join(dirname(folder), prefix));
  const remove = () => rmSync(temporary, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    await chmod(temporary, 0o755);
    await fill(temporary);
    await rename(temporary, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Those of processes that were killed. A younger one may belong to a process that is still at work. */
async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(prefix)) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > dayMs) await rm(path, { recursive: true, force: true });
  }
}
