import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectContainer, readRows } from '../../../src/engine/calibration/read-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeXlsx } from './write-xlsx.ts';

const write = temporaryFolder();
const SECRET = 'Mrs Sample has a cough';

async function rowsOf(path: string, container: Parameters<typeof readRows>[1] = 'auto') {
  const rows = [];
  for await (const { fields, place } of readRows(path, container)) {
    rows.push({ ...Object.fromEntries(fields), place });
  }
  return rows;
}

describe('detectContainer', () => {
  it.each([
    ['a.jsonl', '{"text":"a"}\n', 'jsonl'],
    ['lines.txt', '{"text":"a"}\n{"text":"b"}\n', 'jsonl'],
    ['lines.json', '{"text":"a"}\n{"text":"b"}\n', 'jsonl'],
    ['one-line.json', '{"1":{"a":"b"},"2":{"a":"c"}}', 'json'],
    ['one-record.txt', '{"text":"a"}', 'jsonl'],
    ['pretty.txt', '{\n  "1": {"a": "b"}\n}', 'json'],
    ['list.txt', '[{"a":\n"b"}]', 'json'],
    ['marked.json', '\ufeff{\n"1": {}}', 'json'],
    ['broken.txt', '{"a": \n{"b":', 'jsonl'],
    ['a.csv', 'text\nb\n', 'csv'],
    ['a.TSV', 'text\nb\n', 'csv'],
    ['a.txt', 'text\n\nb\n', 'text'],
    ['named.csv', writeXlsx([['text']]), 'xlsx'],
    ['not-really.xlsx', 'text', 'xlsx'],
  ])('recognises %s', async (name, content, container) => {
    expect(await detectContainer(write(name, content))).toBe(container);
  });
});

describe('readRows', () => {
  it('reads JSONL with blank lines, a byte order mark and CR LF', async () => {
    const path = write('rows.jsonl', '\ufeff{"a":"ä"}\r\n\r\n{"a":"b\ufeff"}\r\n{"a":1}');
    expect(await rowsOf(path)).toEqual([
      { a: 'ä', place: 'line 1' },
      { a: 'b\ufeff', place: 'line 3' },
      { a: 1, place: 'line 4' },
    ]);
  });

  it('reads lines that span the pieces in which a file is read', async () => {
    const long = 'é'.repeat(100_001);
    const rows = await rowsOf(write('long.jsonl', `{"a":"${long}"}\n{"a":"${long}"}\n`));
    expect(rows.map((row) => row['a' as keyof typeof row])).toEqual([long, long]);
  });

  it('reads a JSON list and a JSON object of records', async () => {
    expect(await rowsOf(write('list.json', '[{"a":"x"},\n{"a":"y"}]'))).toEqual([
      { a: 'x', place: 'record 1' },
      { a: 'y', place: 'record 2' },
    ]);
    expect(await rowsOf(write('by-id.json', '{"17":\n{"a":"x"}}'))).toEqual([{ a: 'x', place: 'record 1' }]);
  });

  it('reads CSV with quoted line breaks, and finds the delimiter', async () => {
    expect(await rowsOf(write('a.csv', '\ufefftext,n\r\n"a, ""b""\nc",1\r\nd,2\r\n'))).toEqual([
      { text: 'a, "b"\nc', n: '1', place: 'line 3' },
      { text: 'd', n: '2', place: 'line 4' },
    ]);
    expect(await rowsOf(write('b.csv', 'text;n\na, b, c;1\n'))).toEqual([
      { text: 'a, b, c', n: '1', place: 'line 2' },
    ]);
    expect(await rowsOf(write('c.tsv', 'text\tn\na, b\t1\n'))).toEqual([
      { text: 'a, b', n: '1', place: 'line 2' },
    ]);
  });

  it('reads the first sheet of a workbook', async () => {
    const rows = [
      ['File', 'CHQ'],
      ['1', 'a &\nb_x000D_'],
      [null, null],
      [null, 'c'],
    ];
    expect(await rowsOf(write('a.xlsx', writeXlsx(rows)))).toEqual([
      { File: '1', CHQ: 'a &\nb', place: 'row 2' },
      { File: '', CHQ: 'c', place: 'row 4' },
    ]);
  });

  it('reads the blocks of a plain text', async () => {
    expect(await rowsOf(write('a.txt', '\nfirst\nsecond line\n\n  \nthird\n'))).toEqual([
      { text: 'first\nsecond line', place: 'line 2' },
      { text: 'third', place: 'line 6' },
    ]);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['broken.jsonl', `{"a":"b"}\n{"a": ${SECRET}}\n`, 'DATA_BROKEN', 'line 2'],
    ['no-object.jsonl', `{"a":"b"}\n"${SECRET}"\n`, 'DATA_BROKEN', 'line 2'],
    ['broken.json', `{\n"1": {"a":\n ${SECRET}}}`, 'DATA_BROKEN', 'line 3'],
    ['cut-off.json', `{\n"1": {"a": "${SECRET}"`, 'DATA_BROKEN', 'line 2'],
    ['after.json', `{"1": {}}\n\n${SECRET}\n`, 'DATA_BROKEN', 'line 3'],
    ['records.json', `["${SECRET}"]`, 'DATA_BROKEN', 'record 1'],
    ['cells.csv', `text,n\na,1\n${SECRET},2,3\n`, 'DATA_BROKEN', 'line 3'],
    ['quote.csv', `text\n"${SECRET}\n`, 'DATA_BROKEN', 'quote.csv'],
    ['inner-quote.csv', `text\n"${SECRET}"x\n`, 'DATA_BROKEN', 'line 2'],
    ['broken.xlsx', `PK\x03\x04${SECRET}`, 'DATA_BROKEN', 'broken.xlsx'],
    ['empty.csv', ' \n', 'DATA_EMPTY', 'empty.csv'],
    ['latin1.csv', Buffer.from(`text\n${SECRET}\nd\xe9j\xe0 vu\n`, 'latin1'), 'DATA_NOT_UTF8', 'line 3'],
    ['latin1.jsonl', Buffer.from(`{"a":"b"}\n{"a":"${SECRET} \xe9"}\n`, 'latin1'), 'DATA_NOT_UTF8', 'line 2'],
    ['utf16.txt', Buffer.from(`\ufeff${SECRET}`, 'utf16le'), 'DATA_NOT_UTF8', 'line 1'],
  ])('%s is named with the place and without its text', async (name, content, code, place) => {
    const path = write(name, content);
    const error = await rowsOf(path).catch((reason) => reason);
    expect(error).toMatchObject({ name: 'UserError', code });
    expect(error.message).toContain(path);
    expect(error.message).toContain(place);
    expect(`${error.stack} ${error.fix} ${String(error.cause)}`).not.toMatch(/Sample|cough/);
  });

  it.each(['jsonl', 'json', 'csv', 'xlsx', 'text', 'auto'] as const)(
    'is named when missing (%s)',
    async (container) => {
      const path = `${write('here', '')}-not`;
      await expect(rowsOf(path, container)).rejects.toMatchObject({
        code: 'DATA_UNREADABLE',
        message: `${path}: there is no such file.`,
      });
    },
  );

  it('is named when it is a folder', async () => {
    const folder = dirname(write('here', ''));
    await expect(rowsOf(folder)).rejects.toMatchObject({ code: 'DATA_UNREADABLE' });
    await expect(rowsOf(folder, 'jsonl')).rejects.toMatchObject({ code: 'DATA_UNREADABLE' });
  });
});
