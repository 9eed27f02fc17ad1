import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

const TEST_BYTES = 64 * 2 ** 20;

/** Writes and flushes a file there and removes it again; bytes a second. */
export async function measureDiskRate(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = await mkdtemp(join(folder, 'disk-'));
  try {
    const file = await open(join(own, 'test'), 'wx');
    const bytes = Buffer.alloc(TEST_BYTES, 0x5a);
    const startedAtMs = performance.now();
    await file.write(bytes);
    await file.sync();
    const elapsedMs = performance.now() - startedAtMs;
    await file.close();
    return TEST_BYTES / (Math.max(1, elapsedMs) / 1000);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
