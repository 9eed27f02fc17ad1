import { describe, expect, it } from 'vitest';
import { taskList } from '../../src/cli/task-list.ts';

describe('taskList', () => {
  it('reads a task and its file', () => {
    expect(taskList(['casehold=test.csv'])).toEqual([{ task: 'casehold', label: null, files: ['test.csv'] }]);
  });

  it('keeps a name of one’s own, and the order', () => {
    expect(taskList(['perplexity:legal=a.txt', 'hqs=b.xlsx', 'perplexity:open=c.txt'])).toEqual([
      { task: 'perplexity', label: 'legal', files: ['a.txt'] },
      { task: 'hqs', label: null, files: ['b.xlsx'] },
      { task: 'perplexity', label: 'open', files: ['c.txt'] },
    ]);
  });

  it('adds files: words without "=", and a task given again', () => {
    expect(taskList(['hqs=a.xlsx', 'b.xlsx', 'mednli=m.jsonl', 'hqs=c.xlsx', 'd.xlsx'])).toEqual([
      { task: 'hqs', label: null, files: ['a.xlsx', 'b.xlsx', 'c.xlsx', 'd.xlsx'] },
      { task: 'mednli', label: null, files: ['m.jsonl'] },
    ]);
  });

  it('takes task files, also with a drive’s colon, and "=" in a file’s name', () => {
    expect(taskList(['C:\\tasks\\own.json=a=b.csv', './own.json:mine=c.csv'])).toEqual([
      { task: 'C:\\tasks\\own.json', label: null, files: ['a=b.csv'] },
      { task: './own.json', label: 'mine', files: ['c.csv'] },
    ]);
  });

  it.each(['casehold', 'casehold=', '=file', ':name=file', 'hqs:=file', 'hqs:a:b=file'])(
    'refuses %s',
    (word) => {
      expect(() => taskList([word])).toThrow(
        expect.objectContaining({ code: 'BAD_USAGE', message: expect.stringContaining(`"${word}"`) }),
      );
    },
  );

  it('refuses one name for two tasks', () => {
    expect(() => taskList(['hqs:mine=a', 'billsum:mine=b'])).toThrow('Two tasks are called "mine".');
  });
});
