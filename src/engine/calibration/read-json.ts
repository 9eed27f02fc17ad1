import { dataError } from './data-error.ts';
import { isObject } from './read-jsonl.ts';
import { readUtf8 } from './read-utf8.ts';
import type { Row } from './row.ts';

/**
 * The records of a JSON document: a list of objects, or an object that holds them by id as PubMedQA's
 * `ori_pqal.json` does.
 *
 * @throws UserError DATA_BROKEN with the line or record, and what readUtf8 throws.
 */
export async function* readJson(path: string): AsyncGenerator<Row> {
  const records = recordsOf(parse(await readUtf8(path), path), path);
  for (const [index, record] of records.entries()) {
    const place = `record ${index + 1}`;
    if (!isObject(record)) throw broken(path, place, 'the record is no JSON object');
    yield { fields: new Map(Object.entries(record)), place };
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken(path, `line ${findBrokenLine(text)}`, 'the file is not valid JSON');
  }
}

/**
 * The first line with which the text can no longer become JSON, or the last where it merely breaks off. Found by
 * halving, since the engine does not always tell the place of an error.
 */
function findBrokenLine(text: string): number {
  const ends = [...text.matchAll(/\n|$/g)].map(({ index }) => index);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (canContinue(text.slice(0, ends[middle]))) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

function canContinue(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
    return message === 'Unexpected end of JSON input' || Number(position) >= start.length;
  }
}

function recordsOf(document: unknown, path: string): unknown[] {
  if (Array.isArray(document)) return document;
  if (isObject(document)) return Object.values(document);
  throw broken(path, null, 'the file is JSON, but neither a list nor an object of records');
}

const broken = (path: string, place: string | null, reason: string) =>
  dataError(
    'DATA_BROKEN',
    path,
    place,
    reason,
    'Give a list of objects, an object that holds objects by id, or one object a line (JSONL).',
  );
