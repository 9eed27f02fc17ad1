import { type CellValue, readSheet, type SheetData } from 'read-excel-file/node';
import { dataError, unreadable } from './data-error.ts';
import type { Row } from './row.ts';

/**
 * The rows of an .xlsx workbook's first sheet below its header; blank rows are passed over.
 *
 * @throws UserError DATA_UNREADABLE or DATA_BROKEN.
 */
export async function* readXlsx(path: string): AsyncGenerator<Row> {
  const [header, ...rows] = await readFirstSheet(path);
  for (const [index, row] of rows.entries()) {
    if (row.every((cell) => cell === null)) continue;
    const cells = row.map((cell, column): [string, string] => [
      textOf(header?.[column] ?? null),
      textOf(cell),
    ]);
    yield { fields: new Map(cells), place: `row ${index + 2}` };
  }
}

async function readFirstSheet(path: string): Promise<SheetData> {
  try {
    return await readSheet(path);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadable(path, error);
    throw dataError(
      'DATA_BROKEN',
      path,
      null,
      'the file is not a readable .xlsx workbook',
      'Open it in a spreadsheet program and save it again as .xlsx or as CSV UTF-8.',
    );
  }
}

/** Workbooks escape control characters, such as _x000D_ for the carriage return of a line break. */
function textOf(cell: CellValue | null): string {
  if (cell === null) return '';
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  return text.replaceAll('_x000D_', '');
}
