import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readChoiceItems } from '../../../../src/engine/evaluation/tasks/read-choice-items.ts';
import { readSummaryItems } from '../../../../src/engine/evaluation/tasks/read-summary-items.ts';
import {
  type ChoiceTask,
  loadTask,
  type SummaryTask,
} from '../../../../src/engine/evaluation/tasks/task-definition.ts';
import { refusal } from '../../checkpoint/refusal.ts';
import { temporaryFolder } from '../../checkpoint/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;
function write(content: string | Buffer, extension: string): string {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, content);
  return path;
}
const jsonl = (...records: unknown[]) => write(records.map((one) => JSON.stringify(one)).join('\n'), 'jsonl');
const csv = (...lines: string[]) => write(lines.join('\r\n'), 'csv');

const choices = async (task: string, ...paths: string[]) =>
  readChoiceItems((await loadTask(task)) as ChoiceTask, paths);
const summaries = async (task: string, ...paths: string[]) =>
  readSummaryItems((await loadTask(task)) as SummaryTask, paths);

describe('items of data sets', () => {
  it('CaseHOLD’s CSV, whose columns have no names', async () => {
    const header = ['', ...Array.from({ length: 12 }, (_, i) => i)].join(',');
    const record = '7,The court cited it (<HOLDING>).,first,second,third,fourth,fifth,0,0,0,0,0,3';
    const [item] = await choices('casehold', csv(header, record));
    expect(item).toMatchObject({
      prompt: "A citing text is 'The court cited it (<HOLDING>).'. The correct holding statement is",
      options: [' first', ' second', ' third', ' fourth', ' fifth'],
      truth: 3,
      classes: [0, 1, 2, 3, 4],
    });
  });

  it('PubMedQA’s JSON', async () => {
    const record = { QUESTION: 'Does it help?', CONTEXTS: ['One.', 'Two.'], final_decision: 'maybe' };
    const [item] = await choices('pubmedqa', write(JSON.stringify({ 1: record }), 'json'));
    expect(item.prompt).toMatch(/^The abstract .* 'One\. Two\.'.*'Does it help\?'.*The answer is '$/);
    expect(item).toMatchObject({ options: ['yes', 'no', 'maybe'], truth: 2 });
  });

  it('MedNLI’s JSONL', async () => {
    const record = { gold_label: 'neutral', sentence1: 'He fell.', sentence2: 'He is old.', pairID: 'x' };
    const [item] = await choices('mednli', jsonl(record));
    expect(item.prompt).toBe(
      "Premise is 'He fell.', and hypothesis is 'He is old.'. Their relationship is '",
    );
    expect(item.options[item.truth]).toBe('neutral');
  });

  it('BillSum’s JSONL, and ready prompts, whose end is that of the template', async () => {
    const own = { text: 'A  bill.', summary: 'It is short.' };
    const ready = {
      prompt: "A bill text is 'A bill.'. The summary of the bill is '",
      completion: "It is short.'.",
    };
    for (const record of [own, ready]) {
      const [item] = await summaries('billsum', jsonl(record));
      expect(item).toMatchObject({ prompt: ready.prompt, reference: 'It is short.' });
    }
  });

  it('ready prompts with choices, as they stand', async () => {
    const record = { prompt: 'It is', choices: [' one', ' two'], label: 1 };
    expect(await choices('casehold', jsonl(record))).toMatchObject([
      { prompt: 'It is', options: [' one', ' two'], truth: 1 },
    ]);
    const byName = { prompt: "It is '", choices: ['no', 'yes'], label: 'yes' };
    expect(await choices('pubmedqa', jsonl(byName))).toMatchObject([{ options: ['no', 'yes'], truth: 1 }]);
  });
});

describe('items of one’s own', () => {
  it('multiple choice from CSV, with fewer choices in some records', async () => {
    const path = csv(
      'question,choice_0,choice_1,choice_2,label',
      'Who?,I,you,,1',
      'Where?,here,there,"far, far",far',
    );
    const wrong = await refusal(choices('multiple-choice', path));
    expect(wrong).toMatchObject({ code: 'DATA_LABEL_UNKNOWN', message: expect.stringContaining('line 3') });
    const right = csv(
      'question,choice_0,choice_1,choice_2,label',
      'Who?,I,you,,1',
      'Where?,here,there,"far, far","far, far"',
    );
    expect(await choices('multiple-choice', right)).toMatchObject([
      { prompt: 'Question: Who?\nAnswer:', options: [' I', ' you'], truth: 1 },
      { options: [' here', ' there', ' far, far'], truth: 2 },
    ]);
  });

  it('multiple choice from JSONL; a number is a position even where choices are numbers', async () => {
    const path = jsonl({ question: 'How many?', choices: ['1', '0'], label: 0 });
    expect((await choices('multiple-choice', path))[0].truth).toBe(0);
  });

  it('classes are all labels of all files, each with the same number everywhere', async () => {
    const first = csv('text;label', 'Rent is due;money', 'The tap drips;repair');
    const second = csv('text;label', 'Hello;other');
    const items = await choices('classification', first, second);
    expect(items.map(({ options }) => options)).toEqual(Array(3).fill([' money', ' other', ' repair']));
    expect(items.map(({ classes, truth }) => classes[truth])).toEqual([0, 2, 1]);
    expect(items[0].prompt).toBe('Text: Rent is due\nClass:');
  });
});

describe('a file is refused by its line, and without its text', () => {
  const SECRET = 'Mrs Example of Sample Street';

  it.each<[string, string, () => string, string, RegExp]>([
    ['no such file', 'casehold', () => join(folder, 'none.csv'), 'DATA_UNREADABLE', /none\.csv/],
    ['nothing in it', 'multiple-choice', () => write('', 'jsonl'), 'DATA_EMPTY', /no text/],
    [
      'only a header',
      'multiple-choice',
      () => csv('question,choice_0,choice_1,label'),
      'DATA_EMPTY',
      /no text/,
    ],
    [
      'bytes',
      'classification',
      () => write(Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'csv'),
      'DATA_NOT_UTF8',
      /UTF-8/,
    ],
    [
      'broken JSON',
      'multiple-choice',
      () => write(`{"question": "${SECRET}`, 'jsonl'),
      'DATA_BROKEN',
      /line 1/,
    ],
    [
      'other fields',
      'multiple-choice',
      () => jsonl({ name: SECRET }),
      'DATA_FORMAT_UNKNOWN',
      /line 1.*question/,
    ],
    [
      'no choices',
      'multiple-choice',
      () => jsonl({ question: SECRET, label: 0 }),
      'DATA_FIELD_MISSING',
      /choice_0/,
    ],
    [
      'one choice',
      'multiple-choice',
      () => jsonl({ question: SECRET, choices: ['a'], label: 0 }),
      'DATA_FIELD_MISSING',
      /choices/,
    ],
    [
      'choices of another kind',
      'multiple-choice',
      () => jsonl({ question: SECRET, choices: [1, { a: SECRET }], label: 0 }),
      'DATA_FIELD_MISSING',
      /choices/,
    ],
    [
      'choices as a text',
      'multiple-choice',
      () => csv('question,choices,label', `${SECRET},"[""a"",""b""]",0`),
      'DATA_FIELD_MISSING',
      /choices/,
    ],
    [
      'a gap among choices',
      'multiple-choice',
      () => csv('question,choice_0,choice_1,choice_2,label', `${SECRET},a,,b,0`),
      'DATA_FIELD_MISSING',
      /line 2/,
    ],
    [
      'no label',
      'multiple-choice',
      () =>
        jsonl({ question: 'a', choices: ['a', 'b'], label: 0 }, { question: SECRET, choices: ['a', 'b'] }),
      'DATA_FIELD_MISSING',
      /line 2.*label/,
    ],
    [
      'a label beyond the choices',
      'multiple-choice',
      () => jsonl({ question: SECRET, choices: ['a', 'b'], label: 2 }),
      'DATA_LABEL_UNKNOWN',
      /"2".*0 to 1/,
    ],
    [
      'a text in place of the label',
      'mednli',
      () => jsonl({ sentence1: 'a', sentence2: 'b', gold_label: `${SECRET} fell` }),
      'DATA_LABEL_UNKNOWN',
      /line 1/,
    ],
    [
      'an unknown class',
      'pubmedqa',
      () => jsonl({ prompt: SECRET, choices: ['yes', 'no'], label: 'perhaps' }),
      'DATA_LABEL_UNKNOWN',
      /"perhaps".*yes, no/,
    ],
    [
      'one class only',
      'classification',
      () => csv('text,label', `${SECRET},a`, 'b,a'),
      'DATA_LABEL_UNKNOWN',
      /same label/,
    ],
    [
      'texts as labels',
      'classification',
      () => csv('text,label', ...Array.from({ length: 120 }, (_, i) => `${SECRET},${SECRET} ${i}`)),
      'DATA_LABEL_UNKNOWN',
      /line 102.*101st/,
    ],
    [
      'a table with a cell too many',
      'classification',
      () => csv('text,label', `${SECRET},x,a`),
      'DATA_BROKEN',
      /line 2/,
    ],
  ])('%s', async (_, task, path, code, message) => {
    const error = await refusal(choices(task, path()));
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      fix: expect.stringMatching(/.+/),
    });
    expect(JSON.stringify(error)).not.toContain('Sample');
  });

  it.each<[string, () => string, string, RegExp]>([
    ['no summary', () => jsonl({ text: SECRET }), 'DATA_FIELD_MISSING', /line 1.*summary/],
    [
      'a summary of nothing but its end',
      () => jsonl({ prompt: 'a', completion: "'." }),
      'DATA_FIELD_MISSING',
      /completion/,
    ],
    [
      'a prompt that is no text',
      () => jsonl({ prompt: [SECRET], completion: 'b' }),
      'DATA_FIELD_MISSING',
      /prompt/,
    ],
    ['a plain text', () => write(SECRET, 'txt'), 'DATA_FIELD_MISSING', /summary/],
  ])('of summaries: %s', async (_, path, code, message) => {
    const error = await refusal(summaries('summaries', path()));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(JSON.stringify(error)).not.toContain('Sample');
  });
});
