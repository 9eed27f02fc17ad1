import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPreset } from '../../../src/engine/calibration/preset.ts';
import { readRecords } from '../../../src/engine/calibration/read-records.ts';
import { jsonl, temporaryFolder } from './temporary-folder.ts';
import { writeXlsx } from './write-xlsx.ts';

const write = temporaryFolder();
const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** The calibration texts that a file gives in a part of a preset. */
async function read(presetName: string, partName: string, path: string): Promise<string[]> {
  const part = (await loadPreset(presetName)).parts.find(({ name }) => name === partName);
  if (part === undefined) throw new Error(partName);
  const records = await readRecords(path, part.reader, part.template);
  return records.map(({ prompt, completion }) => prompt + completion);
}

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join('');

const HOLDINGS = ['holding_0', 'holding_1', 'holding_2', 'holding_3', 'holding_4'];

describe('the datasets in their own formats, with invented records', () => {
  it('MedNLI: mli_train_v1.jsonl', async () => {
    const record = {
      gold_label: 'neutral',
      pairID: 'x',
      sentence1: 'He sings.',
      sentence1_parse: '',
      sentence2: 'He is tall.',
    };
    expect(await read('healthcare', 'mednli', write('mli_train_v1.jsonl', jsonl(record)))).toEqual([
      "Premise is 'He sings.', and hypothesis is 'He is tall.'. Their relationship is 'neutral', and this means the hypothesis is undetermined given the premise.",
    ]);
  });

  it('MedNLI: a label that is none is refused by value and line', async () => {
    const record = { gold_label: 'entailment', sentence1: 'Secret one.', sentence2: 'Secret two.' };
    const path = write('bad-label.jsonl', jsonl(record, { ...record, gold_label: '-' }));
    const error = await read('healthcare', 'mednli', path).catch((thrown) => thrown);
    expect(error.message).toBe(
      `${path}, line 2: gold_label is "-", which is none of entailment, contradiction, neutral.`,
    );
  });

  it('PubMedQA: ori_pqal.json', async () => {
    const record = {
      QUESTION: 'Do boats float?',
      CONTEXTS: ['We looked at boats.', 'They floated.'],
      LABELS: ['A', 'B'],
      LONG_ANSWER: 'They do.',
      final_decision: 'maybe',
    };
    const path = write(
      'ori_pqal.json',
      JSON.stringify({ 1: record, 2: { ...record, final_decision: 'no' } }, null, 4),
    );
    expect(await read('healthcare', 'pubmedqa', path)).toEqual([
      "The abstract of a biomedical research article is 'We looked at boats. They floated.'. Here comes a question 'Do boats float?', and please answer the question with 'yes', 'no', or 'maybe'. The answer is 'maybe', which indicates that we are uncertain whether the phenomenon mentioned by the question is supported by the abstract.",
      expect.stringContaining("'no', which indicates that we do not support the phenomenon"),
    ]);
  });

  it('PubMedQA: the unlabelled part is refused', async () => {
    const path = write(
      'ori_pqau.json',
      JSON.stringify({ 1: { QUESTION: 'Q?', CONTEXTS: ['C.'], LONG_ANSWER: 'A.' } }),
    );
    await expect(read('healthcare', 'pubmedqa', path)).rejects.toMatchObject({
      code: 'DATA_FIELD_MISSING',
      message: expect.stringContaining('record 1: the field "final_decision"'),
    });
  });

  it('HQS: the MeQSum workbook', async () => {
    const rows = [
      ['File', 'CHQ', 'Summary'],
      ['1-1.xml.txt', 'SUBJECT: knees_x000D_\nMESSAGE:  mine\n\nhurt & ache ', 'Why do\nknees hurt?'],
    ];
    expect(await read('healthcare', 'hqs', write('MeQSum.xlsx', writeXlsx(rows)))).toEqual([
      "A question posted by a patient is 'SUBJECT: knees MESSAGE: mine hurt & ache'. The summary of the question is 'Why do knees hurt?'.",
    ]);
  });

  const caseText =
    "A citing text consisting of the context and legal citation text is 'P (<HOLDING>)'. Hold statement 0 is 'a, \"x\"', holding statement 1 is 'b', holding statement 2 is 'c', holding statement 3 is 'd, and holding statement 4 is 'e'. Choose the correct corresponding holding statement. The correct answer is holding statement 3, which is the fourth statement.";
  const values = ['P (<HOLDING>)', 'a, "x"', 'b', 'c', 'd', 'e'];

  it('CaseHOLD: CSV with the names of the dataset', async () => {
    const path = write(
      'casehold.csv',
      csv([
        ['example_id', 'citing_prompt', ...HOLDINGS, 'label'],
        ['0', ...values, '3'],
      ]),
    );
    expect(await read('legal', 'casehold', path)).toEqual([caseText]);
  });

  it('CaseHOLD: CSV with scores between, by position', async () => {
    const header = ['', ...Array.from({ length: 12 }, (_, index) => `${index}`)];
    const scores = ['0.1', '0.2', '0.3', '0.4', '0.5'];
    const path = write('scores.csv', csv([header, ['0', ...values, ...scores, '3']]));
    expect(await read('legal', 'casehold', path)).toEqual([caseText]);
  });

  it('BillSum: us_train_data_final_OFFICIAL.jsonl', async () => {
    const bill = {
      bill_id: '1',
      title: 'T',
      text: 'SECTION 1.\n\n  Boats   shall float.',
      summary: 'Floats\nboats.',
    };
    const long = { ...bill, text: 'word '.repeat(2000) };
    const [first, second] = await read(
      'legal',
      'billsum',
      write('us_train_data_final_OFFICIAL.jsonl', jsonl(bill, long)),
    );
    expect(first).toBe(
      "A bill text is 'SECTION 1. Boats shall float.'. The summary of the bill is 'Floats boats.'.",
    );
    expect(second).toBe(
      `A bill text is '${'word '.repeat(960).trim()}'. The summary of the bill is 'Floats boats.'.`,
    );
  });
});

interface SharedRecord {
  prompt: string;
  completion: string;
}

function sharedRecords(file: string): SharedRecord[] {
  const lines = readFileSync(`${data}${file}`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** Takes the records of shared/data apart again, so that the own formats can be made of them. */
function takeApart(file: string, pattern: RegExp): { texts: string[]; groups: Record<string, string>[] } {
  const texts = sharedRecords(file).map(({ prompt, completion }) => prompt + completion);
  const groups = texts.map((text) => {
    const found = pattern.exec(text)?.groups;
    if (found === undefined) throw new Error(`a record of ${file} is not of the form expected`);
    return found;
  });
  return { texts, groups };
}

/** Equal without printing the texts where they are not. */
const indexesOfDifferences = (actual: string[], expected: string[]): number[] =>
  expected.flatMap((text, index) => (actual[index] === text ? [] : [index]));

describe.skipIf(!existsSync(data))(
  'the datasets in their own formats, with the records of ../shared/data',
  () => {
    it('shared/data itself is read as it is', async () => {
      for (const [preset, part, file] of [
        ['healthcare', 'pubmedqa', 'medical/pubmedqa_train.jsonl'],
        ['healthcare', 'hqs', 'medical/hqs_train.jsonl'],
        ['legal', 'casehold', 'legal/casehold_train.jsonl'],
        ['legal', 'billsum', 'legal/billsum_train.jsonl'],
      ] as const) {
        const expected = sharedRecords(file).map(({ prompt, completion }) => prompt + completion);
        const actual = await read(preset, part, `${data}${file}`);
        expect(actual.length).toBe(expected.length);
        expect(indexesOfDifferences(actual, expected)).toEqual([]);
      }
    });

    it('MedNLI’s own schema is read', async () => {
      const texts = await read('healthcare', 'mednli', `${data}medical/mednli_synthetic.jsonl`);
      expect(texts.length).toBe(12);
      expect(
        texts.every((text) =>
          /^Premise is '.+', and hypothesis is '.+'\. Their relationship is '/.test(text),
        ),
      ).toBe(true);
    });

    it('PubMedQA gives the same texts', async () => {
      const { texts, groups } = takeApart(
        'medical/pubmedqa_train.jsonl',
        /^The abstract of a biomedical research article is '(?<CONTEXTS>.*)'\. Here comes a question '(?<QUESTION>.*)', and please answer .* The answer is '(?<final_decision>\w+)'/s,
      );
      const byId = Object.fromEntries(
        groups.map(({ CONTEXTS = '', ...rest }, index) => [
          `id${index}`,
          { ...rest, CONTEXTS: CONTEXTS.split(' ') },
        ]),
      );
      const actual = await read('healthcare', 'pubmedqa', write('pqal.json', JSON.stringify(byId, null, 2)));
      expect(indexesOfDifferences(actual, texts)).toEqual([]);
    });

    it('HQS gives the same texts', async () => {
      const { texts, groups } = takeApart(
        'medical/hqs_train.jsonl',
        /^A question posted by a patient is '(?<CHQ>.*)'\. The summary of the question is '(?<Summary>.*)'\.$/s,
      );
      const rows = groups.map(({ CHQ = '', Summary = '' }) => ['x', CHQ.replaceAll(' ', '\n '), Summary]);
      const workbook = writeXlsx([['File', 'CHQ', 'Summary'], ...rows]);
      expect(
        indexesOfDifferences(await read('healthcare', 'hqs', write('hqs.xlsx', workbook)), texts),
      ).toEqual([]);
    });

    it('CaseHOLD gives the same texts', async () => {
      const { texts, groups } = takeApart(
        'legal/casehold_train.jsonl',
        /^A citing text .*? is '(?<citing_prompt>.*)'\. Hold statement 0 is '(?<holding_0>.*)', holding statement 1 is '(?<holding_1>.*)', holding statement 2 is '(?<holding_2>.*)', holding statement 3 is '(?<holding_3>.*), and holding statement 4 is '(?<holding_4>.*)'\. Choose .* holding statement (?<label>\d), /s,
      );
      const columns = ['citing_prompt', ...HOLDINGS, 'label'];
      const rows = groups.map((group, index) => [
        `${index}`,
        ...columns.map((column) => group[column] ?? ''),
      ]);
      const path = write('all.csv', csv([['example_id', ...columns], ...rows]));
      expect(indexesOfDifferences(await read('legal', 'casehold', path), texts)).toEqual([]);
    });

    it('BillSum gives the same texts, but for bills over 4,800 characters', async () => {
      const { texts, groups } = takeApart(
        'legal/billsum_train.jsonl',
        /^A bill text is '(?<text>.*)'\. The summary of the bill is '(?<summary>.*)'\.$/s,
      );
      const actual = await read('legal', 'billsum', write('bills.jsonl', jsonl(...groups)));
      const long = groups.flatMap(({ text = '' }, index) => (text.length > 4800 ? [index] : []));
      expect(indexesOfDifferences(actual, texts)).toEqual(long);
    });
  },
);
