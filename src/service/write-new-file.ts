import { open } from 'node:fs/promises';
import { UserError } from '../contract/error.ts';

/** Writes a file that is not there yet. @throws UserError FILE_EXISTS, FILE_NOT_WRITABLE */
export async function writeNewFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') {
      throw new UserError('FILE_EXISTS', `${path} is there already.`, 'Choose another name.');
    }
    throw new UserError(
      'FILE_NOT_WRITABLE',
      `${path} cannot be written (${error.code}).`,
      'Choose a folder in which you may create files.',
    );
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
