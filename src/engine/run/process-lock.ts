import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UserError } from '../../contract/error.ts';

/**
 * Keeps a folder for one process at a time: a lock file with the process's id, taken over if that process is gone.
 * @param inUse the error to throw while another process is at work there
 */
export async function lockFolder(dir: string, inUse: (owner: number) => UserError): Promise<void> {
  const path = join(dir, 'lock');
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(await readFile(path, 'utf8'));
    // A process that was killed may have left the file empty; id 0 would mean this process's own group.
    if (owner > 0 && owner !== process.pid && isAlive(owner)) throw inUse(owner);
    await writeFile(path, String(process.pid));
  }
}

export const unlockFolder = (dir: string): Promise<void> => rm(join(dir, 'lock'), { force: true });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
