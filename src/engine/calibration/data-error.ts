import { UserError } from '../../contract/error.ts';

/** What can be wrong with a data file. */
export type DataErrorCode =
  | 'DATA_UNREADABLE'
  | 'DATA_EMPTY'
  | 'DATA_TOO_LARGE'
  | 'DATA_NOT_UTF8'
  | 'DATA_BROKEN'
  | 'DATA_FORMAT_UNKNOWN'
  | 'DATA_FIELD_MISSING'
  | 'DATA_LABEL_UNKNOWN';

/**
 * A data file's fault, by file and place and never with its text: nothing that a parser says is passed on, neither in
 * the message nor as a cause, since parsers quote what they read.
 *
 * @param place for example `line 12`; null for the file as a whole.
 */
export function dataError(
  code: DataErrorCode,
  path: string,
  place: string | null,
  reason: string,
  fix: string,
): UserError {
  return new UserError(code, `${path}${place === null ? '' : `, ${place}`}: ${reason}.`, fix);
}

export function unreadable(path: string, error: unknown): UserError {
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return dataError(
    'DATA_UNREADABLE',
    path,
    null,
    reason === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${reason})`,
    'Check the path and that you may read the file.',
  );
}
