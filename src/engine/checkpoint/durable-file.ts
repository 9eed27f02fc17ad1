import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../contract/error.ts';

/** Appends all of `bytes` to the file being written. */
export type Append = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a file that is either whole or not there: `produce` appends to `<path>.partial`, which is flushed to the
 * disk and only then renamed to `path`. On any failure the partial file is removed and an older `path` is untouched.
 * Errors: DISK_FULL, OUTPUT_NOT_WRITABLE, and whatever `produce` throws.
 */
export async function writeDurably(path: string, produce: (append: Append) => Promise<void>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await rm(partial, { force: true }); // of a process that was killed
    const file = await open(partial, 'wx');
    try {
      await produce((bytes) => writeAll(file, bytes));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw explainWriteError(error, path);
  }
}

/** Makes renames and new names in a folder durable. Windows cannot open a folder and needs no such step. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A system error met while writing `path`, in words; any other error as it is. */
export function explainWriteError(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(
        'DISK_FULL',
        `The disk is full: ${path} could not be written`,
        'Free some space there, or choose a folder on another disk, and run the command again.',
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR': // a file where a folder is needed
    case 'EEXIST':
      return new UserError(
        'OUTPUT_NOT_WRITABLE',
        `${path} may not be written here (${(error as NodeJS.ErrnoException).code})`,
        'Choose a folder in which you may create files.',
        { cause: error },
      );
    default:
      return error;
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset);
    offset += bytesWritten;
  }
}
