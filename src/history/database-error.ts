import { SqliteError } from 'better-sqlite3';
import { UserError } from '../contract/error.ts';

const KEPT = 'Nothing in it was changed or deleted.';

/** A failure of SQLite's in words; any other error as it is. */
export function explainDatabaseError(error: unknown, file: string, backupFolder: string): unknown {
  if (!(error instanceof SqliteError)) return error;
  const { code } = error;
  const explain = (name: string, message: string, fix: string) =>
    new UserError(name, message, fix, { cause: error });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return explain(
      'DATABASE_BUSY',
      `The run history ${file} is in use by another program.`,
      'Close the other D-Pruner Desktop, or the program that has opened the file, and start again.',
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return corruptDatabase(file, backupFolder, error);
  }
  if (code === 'SQLITE_FULL') {
    return explain(
      'DISK_FULL',
      `The disk is full: the run history ${file} could not be written.`,
      'Free some space there, then do it again; a run or an experiment that was at work can be resumed.',
    );
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') {
    return explain(
      'DATABASE_NOT_WRITABLE',
      `The run history ${file} cannot be opened for writing (${code}).`,
      'Check that you may write to that folder and that its disk is connected.',
    );
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return explain(
      'DATABASE_UNREADABLE',
      `The disk failed while the run history ${file} was read or written (${code}). ${KEPT}`,
      'Check the disk, then start again.',
    );
  }
  return error;
}

export const corruptDatabase = (file: string, backupFolder: string, cause?: unknown) =>
  new UserError(
    'DATABASE_CORRUPT',
    `The run history ${file} is damaged or is no SQLite database. ${KEPT}`,
    `Move it aside and put the newest file of ${backupFolder} in its place; without one, a new history is begun. The models and run folders are not affected.`,
    { cause },
  );
