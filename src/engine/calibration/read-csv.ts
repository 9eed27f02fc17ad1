import { CsvError, parse } from 'csv-parse/sync';
import { dataError } from './data-error.ts';
import { readUtf8 } from './read-utf8.ts';
import type { Row } from './row.ts';

interface ParsedRecord {
  readonly record: readonly string[];
  /** `lines`: the line on which the record ends. */
  readonly info: { readonly lines: number };
}

/**
 * The records of a CSV file (RFC 4180) with a header. Comma, semicolon or tab, whichever the header has most of.
 *
 * @throws UserError DATA_BROKEN with the line, and what readUtf8 throws.
 */
export async function* readCsv(path: string): AsyncGenerator<Row> {
  const [header, ...records] = parseRecords(await readUtf8(path), path);
  for (const { record, info } of records) {
    const cells = record.map((cell, column): [string, string] => [header?.record[column] ?? '', cell]);
    yield { fields: new Map(cells), place: `line ${info.lines}` };
  }
}

function parseRecords(text: string, path: string): ParsedRecord[] {
  try {
    const options = { delimiter: delimiterOf(text), info: true, skip_empty_lines: true };
    return parse(text, options) as unknown as ParsedRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const reason =
      error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH'
        ? 'the record has another number of cells than the header'
        : 'a quoted cell is not closed or closed in the wrong place';
    const line = (error as { lines?: number }).lines;
    throw dataError(
      'DATA_BROKEN',
      path,
      line === undefined ? null : `line ${line}`,
      reason,
      'Save the table again as CSV, with cells that hold commas, quotes or line breaks in double quotes.',
    );
  }
}

function delimiterOf(text: string): string {
  const header = text.slice(0, text.indexOf('\n') + 1 || undefined);
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
