import { dataError } from '../../calibration/data-error.ts';
import { missingField, missingFields, type PromptTemplate } from '../../calibration/prompt-template.ts';
import { type Container, readRows } from '../../calibration/read-rows.ts';
import { empty } from '../../calibration/read-utf8.ts';
import type { Row } from '../../calibration/row.ts';

/** Ready: the prompt stands in the file as it is. */
export type Reading = 'ready' | 'template';

interface TaskRowsOptions {
  readonly reader: Container | 'auto';
  readonly template: PromptTemplate;
  /** Fields beside `prompt` that make a record ready. */
  readonly ready: string;
}

/**
 * The records of a task's file and how they are taken, which the first of them decides.
 * @throws UserError with a code of DataErrorCode, by file and place and without the text
 */
export async function* readTaskRows(path: string, { reader, template, ready }: TaskRowsOptions) {
  let reading: Reading | null = null;
  for await (const row of readRows(path, reader)) {
    reading ??= chooseReading(row, path, template, ready);
    yield { row, reading };
  }
  if (reading === null) throw empty(path);
}

function chooseReading(first: Row, path: string, template: PromptTemplate, ready: string): Reading {
  if (first.fields.has('prompt') && first.fields.has(ready)) return 'ready';
  const missing = missingFields(template, first, false);
  if (missing.length === 0) return 'template';
  const none = missing.length === Object.keys(template.fields).length;
  if (!none) throw missingField(path, first.place, missing[0] ?? '');
  if (missingFields(template, first, true).length === 0) return 'template';
  throw dataError(
    'DATA_FORMAT_UNKNOWN',
    path,
    first.place,
    `the first record has neither prompt and ${ready}, nor the fields ${missing.join(', ')}`,
    'Give the dataset in its own format, or JSONL or CSV with these fields; docs/tasks.md has an example of each.',
  );
}

/** A field that has to hold text. @throws UserError DATA_FIELD_MISSING */
export function textOf(row: Row, name: string, path: string): string {
  const value = row.fields.get(name);
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw missingField(path, row.place, name);
}
