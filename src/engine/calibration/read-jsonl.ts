import { dataError } from './data-error.ts';
import { readLines } from './read-utf8.ts';
import type { Row } from './row.ts';

/**
 * The objects of a JSONL file, one a line; blank lines are passed over.
 *
 * @throws UserError DATA_BROKEN with the line, and what readLines throws.
 */
export async function* readJsonl(path: string): AsyncGenerator<Row> {
  for await (const { text, number } of readLines(path)) {
    if (text.trim() === '') continue;
    const place = `line ${number}`;
    yield { fields: parseObject(text, path, place), place };
  }
}

function parseObject(text: string, path: string, place: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw brokenLine(path, place, 'is not valid JSON');
  }
  if (!isObject(value)) throw brokenLine(path, place, 'is JSON but no object');
  return new Map(Object.entries(value));
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const brokenLine = (path: string, place: string, reason: string) =>
  dataError(
    'DATA_BROKEN',
    path,
    place,
    `the line ${reason}`,
    'Every line must hold one JSON object. Mend or remove this line.',
  );
