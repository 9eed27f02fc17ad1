import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const TEST_BYTES = 32 * 2 ** 20;

/** Free space for this user at a folder that need not be there yet. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(existingAncestor(folder));
  return bavail * bsize;
}

/** Which disk a folder is or would be on. */
export const existingAncestor = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existingAncestor(dirname(folder));

/** Writes and flushes a file there and removes it again; bytes a second. */
export async function measureDiskRate(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = await mkdtemp(join(folder, 'disk-'));
  try {
    const file = await open(join(own, 'test'), 'wx');
    const startedAtMs = performance.now();
    await file.write(Buffer.alloc(TEST_BYTES, 0x5a));
    await file.sync();
    const elapsedMs = performance.now() - startedAtMs;
    await file.close();
    return TEST_BYTES / (Math.max(1, elapsedMs) / 1000);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
