import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dataError, unreadable } from './data-error.ts';

export interface Line {
  /** Without its line break. */
  readonly text: string;
  /** The first is 1. */
  readonly number: number;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';
/** A JavaScript string holds at most 2^29 − 24 UTF-16 units. */
const MAX_WHOLE_FILE_BYTES = 500_000_000;

/**
 * The lines of a UTF-8 file of any size, one at a time; a byte order mark is dropped.
 *
 * @throws UserError DATA_UNREADABLE or DATA_NOT_UTF8 with the line.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  let pending: Buffer[] = [];
  const take = (end: Buffer): Line => {
    number++;
    const text = decode(Buffer.concat([...pending, end]), path, number);
    pending = [];
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, number };
  };
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        yield take(chunk.subarray(start, end));
        start = end + 1;
      }
      if (start < chunk.length) pending.push(chunk.subarray(start));
    }
  } catch (error) {
    throw isSystemError(error) ? unreadable(path, error) : error;
  }
  if (pending.length > 0) yield take(Buffer.alloc(0));
}

/**
 * A UTF-8 file as one string without a byte order mark.
 *
 * @throws UserError DATA_UNREADABLE, DATA_EMPTY (nothing but white space), DATA_TOO_LARGE (over 500 MB) or DATA_NOT_UTF8
 * with the line.
 */
export async function readUtf8(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > MAX_WHOLE_FILE_BYTES) throw tooLarge(path, size);
    bytes = await readFile(path);
  } catch (error) {
    throw isSystemError(error) ? unreadable(path, error) : error;
  }
  const text = decodeOrNull(bytes);
  if (text === null) {
    for await (const _ of readLines(path)); // throws at the line that is not UTF-8
    throw notUtf8(path, null);
  }
  if (text.trim() === '') throw empty(path);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

export const empty = (path: string) =>
  dataError('DATA_EMPTY', path, null, 'the file holds no text', 'Give a file with at least one record.');

const tooLarge = (path: string, size: number) =>
  dataError(
    'DATA_TOO_LARGE',
    path,
    null,
    `the file has ${size} bytes, and one of this format may have ${MAX_WHOLE_FILE_BYTES}`,
    'Give a part of it, or the same records as JSONL, which may be of any size.',
  );

const notUtf8 = (path: string, place: string | null) =>
  dataError(
    'DATA_NOT_UTF8',
    path,
    place,
    'the bytes are not UTF-8 text',
    'Save the file with the encoding UTF-8 (a spreadsheet program calls it “CSV UTF-8”).',
  );

function decode(bytes: Buffer, path: string, number: number): string {
  const text = decodeOrNull(bytes);
  if (text === null) throw notUtf8(path, `line ${number}`);
  return number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function decodeOrNull(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error;
