import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll } from 'vitest';

/** Mounts a file system of `sizeKib` at `dir` for this test file; null where that is not allowed. */
export function mountSmallDisk(dir: string, sizeKib: number): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  mkdirSync(dir, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k`, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    return null;
  }
  afterAll(() => execFileSync('umount', [dir]));
  return dir;
}
