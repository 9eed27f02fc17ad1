import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Free space for this user at a folder that need not be there yet. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(existingAncestor(folder));
  return bavail * bsize;
}

/** Which disk a folder is or would be on. */
export const existingAncestor = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existingAncestor(dirname(folder));
