import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../src/contract/error.ts';

/** Where a file that is to be made will really lie, links in its folder followed. */
export async function realPathOfNewFile(file: string): Promise<string> {
  try {
    return join(await realpath(dirname(file)), basename(file));
  } catch {
    throw new UserError(
      'FOLDER_MISSING',
      `There is no folder ${dirname(file)}.`,
      'Choose a folder that exists.',
    );
  }
}
