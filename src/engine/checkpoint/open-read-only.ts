import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../contract/error.ts';

/** Opens a file of a model for reading; FILE_UNREADABLE says which file and why not. */
export async function openReadOnly(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new UserError(
      'FILE_UNREADABLE',
      `${path} cannot be opened (${(error as NodeJS.ErrnoException).code})`,
      'Check that the file is there, that a link does not lead nowhere, and that you may read it.',
      { cause: error },
    );
  }
}
