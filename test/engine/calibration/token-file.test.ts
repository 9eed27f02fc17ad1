import { describe, expect, it } from 'vitest';
import { readTokenFile } from '../../../src/engine/calibration/token-file.ts';
import { jsonl, temporaryFolder } from './temporary-folder.ts';

const write = temporaryFolder();
const read = (content: string) => readTokenFile(write('tokens.jsonl', content), 100, 4);

describe('readTokenFile', () => {
  it('gives the samples as they are, in order', async () => {
    const content = jsonl(
      { input_ids: [5, 0, 99] },
      { input_ids: [1, 1], part: 'x' },
      { input_ids: [4, 3, 2, 1] },
    );
    expect(await read(`${content}\n`)).toEqual([
      Int32Array.of(5, 0, 99),
      Int32Array.of(1, 1),
      Int32Array.of(4, 3, 2, 1),
    ]);
  });

  it.each([
    [{ ids: [1, 2] }, 'there is no list "input_ids"'],
    [{ input_ids: '1 2' }, 'there is no list "input_ids"'],
    [{ input_ids: [1] }, 'the sample has 1 tokens, and needs at least 2'],
    [{ input_ids: [] }, 'the sample has 0 tokens, and needs at least 2'],
    [{ input_ids: [1, 2, 3, 4, 5] }, 'the sample has 5 tokens, and the model takes at most 4'],
    [{ input_ids: [1, 100] }, 'id number 2 is not an integer from 0 to 99'],
    [{ input_ids: [-1, 1] }, 'id number 1 is not an integer from 0 to 99'],
    [{ input_ids: [1, 1.5] }, 'id number 2 is not an integer from 0 to 99'],
    [{ input_ids: [1, '2'] }, 'id number 2 is not an integer from 0 to 99'],
    [{ input_ids: [1, null] }, 'id number 2 is not an integer from 0 to 99'],
  ])('refuses %j by line', async (record, fault) => {
    await expect(read(jsonl({ input_ids: [1, 2] }, record))).rejects.toMatchObject({
      code: 'TOKENS_INVALID',
      message: expect.stringMatching(new RegExp(`tokens\\.jsonl, line 2: ${fault}\\.$`)),
    });
  });

  it('refuses a broken line and an empty file', async () => {
    await expect(read('{"input_ids":[1,2]}\n{"input_ids":[1,\n')).rejects.toThrow('line 2');
    await expect(read('\n')).rejects.toMatchObject({ code: 'DATA_EMPTY' });
  });
});
