import { describe, expect, it } from 'vitest';
import { promptTemplate } from '../../../src/contract/prompt-template.ts';
import { readRecords } from '../../../src/engine/calibration/read-records.ts';
import { jsonl, temporaryFolder } from './temporary-folder.ts';

const write = temporaryFolder();
const template = promptTemplate.parse({
  prompt: '<{text}>',
  completion: '{summary}',
  fields: { text: { columns: ['text', 1] }, summary: { columns: ['summary', 2] } },
});
const textsOf = async (path: string, of = template as typeof template | null) =>
  (await readRecords(path, 'auto', of)).map(({ prompt, completion }) => prompt + completion);

describe('readRecords', () => {
  it('takes ready prompts and completions as they are', async () => {
    const path = write(
      'ready.jsonl',
      jsonl({ prompt: 'p ', completion: 'c' }, { prompt: '', completion: 'd' }),
    );
    expect(await textsOf(path)).toEqual(['p c', 'd']);
    expect(await textsOf(write('ready.csv', 'prompt,completion\n"p ",c\n'))).toEqual(['p c']);
  });

  it('puts the dataset’s own fields into the template', async () => {
    expect(await textsOf(write('own.jsonl', jsonl({ text: 't', summary: 's', more: 1 })))).toEqual(['<t>s']);
  });

  it('takes texts as they are, also for a part with a template', async () => {
    expect(await textsOf(write('texts.jsonl', jsonl({ text: 'a' }, { text: 'b' })))).toEqual(['a', 'b']);
    expect(await textsOf(write('texts.txt', 'a\n\nb\n'))).toEqual(['a', 'b']);
    expect(await textsOf(write('texts.csv', 'id,text\n1,a\n'), null)).toEqual(['a']);
  });

  it('finds fields by position where a table has none of the names', async () => {
    expect(await textsOf(write('positions.csv', ',0,1\n9,t,s\n'))).toEqual(['<t>s']);
  });

  it.each([
    ['ready.jsonl', jsonl({ prompt: 'a', completion: 'b' }, { prompt: 'c' }), 'line 2', 'DATA_FIELD_MISSING'],
    ['no-prompt.jsonl', jsonl({ prompt: 1, completion: 'b' }), 'line 1', 'DATA_FIELD_MISSING'],
    ['own.jsonl', jsonl({ text: 'a', summary: 'b' }, { text: 'c', x: 1 }), 'line 2', 'DATA_FIELD_MISSING'],
    ['half.jsonl', jsonl({ text: 'a', title: 'b' }), 'line 1', 'DATA_FIELD_MISSING'],
    ['text.jsonl', jsonl({ text: 'a' }, { text: '' }), 'line 2', 'DATA_FIELD_MISSING'],
    ['other.jsonl', jsonl({ words: 'a' }), 'line 1', 'DATA_FORMAT_UNKNOWN'],
    ['nothing.jsonl', '\n\n', 'nothing.jsonl', 'DATA_EMPTY'],
    ['nothing.txt', '', 'nothing.txt', 'DATA_EMPTY'],
    ['header.csv', 'text,summary\n', 'header.csv', 'DATA_EMPTY'],
  ])('refuses %s by its place', async (name, content, place, code) => {
    await expect(textsOf(write(name, content))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(place),
    });
  });

  it('keeps to a container that was named', async () => {
    const path = write('a.txt', '{"text":"a"}\n');
    expect(await readRecords(path, 'text', null)).toEqual([{ prompt: '', completion: '{"text":"a"}' }]);
  });
});
