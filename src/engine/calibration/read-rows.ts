import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { CONTAINERS } from '../../contract/preset.ts';
import { unreadable } from './data-error.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { isObject, readJsonl } from './read-jsonl.ts';
import { readPlainText } from './read-plain-text.ts';
import { readXlsx } from './read-xlsx.ts';
import type { Row } from './row.ts';

export type Container = (typeof CONTAINERS)[number];

const READERS: Record<Container, (path: string) => AsyncGenerator<Row>> = {
  jsonl: readJsonl,
  json: readJson,
  csv: readCsv,
  xlsx: readXlsx,
  text: readPlainText,
};

/** So much is looked at to recognise a file: more than one record of any supported dataset. */
const HEAD_BYTES = 1 << 20;

/** The records of a data file; `auto` recognises the container. */
export async function* readRows(path: string, container: Container | 'auto'): AsyncGenerator<Row> {
  yield* READERS[container === 'auto' ? await detectContainer(path) : container](path);
}

/**
 * Recognises a workbook by its signature and JSON by its first character, whatever the file is called; the
 * name decides between the others.
 *
 * @throws UserError DATA_UNREADABLE.
 */
export async function detectContainer(path: string): Promise<Container> {
  const extension = extname(path).toLowerCase();
  const head = await readHead(path);
  if (head.subarray(0, 4).toString('latin1') === 'PK\x03\x04' || extension === '.xlsx') return 'xlsx';
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return jsonKind(text, extension);
  return extension === '.csv' || extension === '.tsv' ? 'csv' : 'text';
}

function jsonKind(head: string, extension: string): 'json' | 'jsonl' {
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl';
  const firstLine = head.split('\n', 1)[0] ?? '';
  const first = parseOrNull(firstLine);
  if (isObject(first)) {
    // One line alone is a document if all that it holds are records, such as PubMedQA without line breaks.
    const alone = head.slice(firstLine.length).trim() === '';
    return alone && Object.values(first).every(isObject) ? 'json' : 'jsonl';
  }
  // A document written over several lines begins with a bracket alone, or with a list.
  return extension === '.json' || firstLine.trim().length === 1 || head.startsWith('[') ? 'json' : 'jsonl';
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readHead(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}
