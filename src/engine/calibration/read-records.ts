import { dataError } from './data-error.ts';
import {
  type CalibrationRecord,
  fillTemplate,
  missingField,
  missingFields,
  type PromptTemplate,
} from './prompt-template.ts';
import { type Container, readRows } from './read-rows.ts';
import { empty } from './read-utf8.ts';
import type { Row } from './row.ts';

type ToRecord = (row: Row, path: string) => CalibrationRecord;

/**
 * The calibration records of a data file. Its first record decides how all are taken: as ready `prompt` and
 * `completion`, by the template where its fields are there, or as whole texts in a field `text`.
 *
 * @param template null where the data has no format of its own.
 * @throws UserError with a code of DataErrorCode, by file and place and without the text.
 */
export async function readRecords(
  path: string,
  container: Container | 'auto',
  template: PromptTemplate | null,
): Promise<CalibrationRecord[]> {
  const records: CalibrationRecord[] = [];
  let toRecord: ToRecord | null = null;
  for await (const row of readRows(path, container)) {
    toRecord ??= chooseReading(row, path, template);
    records.push(toRecord(row, path));
  }
  if (records.length === 0) throw empty(path);
  return records;
}

function chooseReading(first: Row, path: string, template: PromptTemplate | null): ToRecord {
  const has = (name: string) => first.fields.has(name);
  if (has('prompt') && has('completion')) return readyPair;
  if (has('text') && first.fields.size === 1) return wholeText;
  if (template === null) {
    if (has('text')) return wholeText;
    throw formatUnknown(path, first, 'prompt and completion nor text');
  }
  const byTemplate: ToRecord = (row, file) => fillTemplate(template, row, file);
  const missing = missingFields(template, first, false);
  if (missing.length === 0) return byTemplate;
  const none = missing.length === Object.keys(template.fields).length;
  if (none && has('text')) return wholeText;
  if (none && missingFields(template, first, true).length === 0) return byTemplate;
  if (!none) throw missingField(path, first.place, missing[0] ?? '');
  throw formatUnknown(path, first, `prompt and completion, nor text, nor the fields ${missing.join(', ')}`);
}

function readyPair(row: Row, path: string): CalibrationRecord {
  const prompt = row.fields.get('prompt');
  const completion = row.fields.get('completion');
  if (typeof prompt !== 'string') throw missingField(path, row.place, 'prompt');
  if (typeof completion !== 'string' || completion === '') throw missingField(path, row.place, 'completion');
  return { prompt, completion };
}

function wholeText(row: Row, path: string): CalibrationRecord {
  const text = row.fields.get('text');
  if (typeof text !== 'string' || text === '') throw missingField(path, row.place, 'text');
  return { prompt: '', completion: text };
}

const formatUnknown = (path: string, first: Row, wanted: string) =>
  dataError(
    'DATA_FORMAT_UNKNOWN',
    path,
    first.place,
    `the first record has neither ${wanted}`,
    'Give the dataset in its own format, or JSONL or CSV with text, or with prompt and completion, or plain text.',
  );
