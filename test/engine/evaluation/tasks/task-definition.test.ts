import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTasks, loadTask } from '../../../../src/engine/evaluation/tasks/task-definition.ts';
import { refusal } from '../../checkpoint/refusal.ts';
import { temporaryFolder } from '../../checkpoint/temporary-folder.ts';

const folder = temporaryFolder();

const own = {
  kind: 'choice',
  name: 'own',
  title: 'Own',
  description: '',
  template: { prompt: '{q}', completion: '', fields: { q: {}, label: {} } },
  options: [' yes', ' no'],
  classes: true,
  score: 'sum',
};

function write(task: unknown): string {
  const path = join(folder, 'own.json');
  writeFileSync(path, typeof task === 'string' ? task : JSON.stringify(task));
  return path;
}

describe('the tasks that come with the program', () => {
  it('can all be loaded, each under its own name', async () => {
    const names = await listTasks();
    expect(names).toEqual(
      expect.arrayContaining(['perplexity', 'casehold', 'pubmedqa', 'mednli', 'hqs', 'billsum']),
    );
    for (const name of names) expect((await loadTask(name)).name).toBe(name);
  });
});

describe('a task file', () => {
  it('is taken by its path', async () => {
    expect(await loadTask(write(own))).toMatchObject({ name: 'own', option: ' {option}', label: 'label' });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no JSON', '{"kind":', 'TASK_INVALID', /not valid JSON/],
    ['an unknown kind', { ...own, kind: 'essay' }, 'TASK_INVALID', /kind/],
    ['one option', { ...own, options: [' yes'] }, 'TASK_INVALID', /options/],
    ['an unknown field', { ...own, chance: 0.5 }, 'TASK_INVALID', /chance/],
    ['a label that is no field', { ...own, label: 'answer' }, 'TASK_INVALID', /"answer"/],
    [
      'a part that no preset has',
      { ...own, template: { preset: 'legal', part: 'wills' } },
      'TASK_INVALID',
      /wills/,
    ],
    [
      'a preset that is not there',
      { ...own, template: { preset: 'none', part: 'wills' } },
      'PRESET_MISSING',
      /none/,
    ],
  ])('is refused: %s', async (_, task, code, message) => {
    expect(await refusal(loadTask(write(task)))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('that is not there is answered with the names', async () => {
    expect(await refusal(loadTask('casehould'))).toMatchObject({
      code: 'TASK_MISSING',
      fix: expect.stringContaining('casehold'),
    });
  });
});
