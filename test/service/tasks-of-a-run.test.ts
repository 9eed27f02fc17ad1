import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunResult } from '../../src/contract/result.ts';
import type { RunRequest } from '../../src/contract/run-request.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { type ServiceProcess, services } from './service-process.ts';
import { smallRun } from './small-run.ts';

const folder = temporaryFolder();
const started = services();
afterAll(started.killAll);

const SECRET = 'zq-marker-417';
const questions = join(folder, 'questions.jsonl');
const notes = join(folder, 'notes.csv');

let service: ServiceProcess;
beforeAll(async () => {
  const question = (_: unknown, i: number) => ({
    question: `${SECRET} The licensee may copy part ${i} of the`,
    choices: ['work', 'seldom', 'three'],
    label: i % 3,
  });
  writeFileSync(
    questions,
    Array.from({ length: 20 }, question)
      .map((row) => JSON.stringify(row))
      .join('\n'),
  );
  const note = (_: unknown, i: number) => `The software is provided as is number ${i},as is`;
  writeFileSync(notes, ['text,summary', ...Array.from({ length: 4 }, note)].join('\n'));
  service = await started.start(join(folder, 'data'));
});

const withTasks = (name: string, tasks: RunRequest['evaluation']['tasks'], taskItems: number | null) =>
  smallRun(join(folder, name), { name, evaluation: { texts: [], tasks, taskItems } });

describe('tasks of a run', () => {
  it('are listed with what their files hold', async () => {
    const tasks = await service.request('tasks.list', {});
    expect(tasks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['casehold', 'pubmedqa', 'mednli', 'hqs', 'billsum', 'multiple-choice']),
    );
    for (const { title, description } of tasks) expect(`${title}: ${description}`.length).toBeGreaterThan(20);
  });

  describe('measured on both models', () => {
    let result: RunResult;
    beforeAll(async () => {
      const request = withTasks(
        'measured',
        [
          { task: 'multiple-choice', name: 'Questions', files: [questions] },
          { task: 'summaries', name: 'Notes', files: [notes] },
        ],
        12,
      );
      const { id } = await service.request('runs.start', request);
      const run = await service.untilStatus(id, 'finished', 'failed', 'interrupted');
      expect(run.problem).toBeNull();
      result = await service.request('results.get', { runId: id });
    }, 180_000);

    it('give each figure with intervals, and the difference on the same items', () => {
      const [choice, summary] = result.tasks;
      expect(choice).toMatchObject({ name: 'Questions', task: 'multiple-choice', items: 12, ofItems: 20 });
      expect(choice?.files).toEqual([{ path: questions, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
      expect(summary).toMatchObject({ name: 'Notes', items: 4, ofItems: 4 });
      expect(summary?.figures.map(({ name }) => name)).toEqual(['rouge1', 'rouge2', 'rougeL']);
      for (const { dense, pruned } of result.tasks.flatMap(({ figures }) => figures)) {
        expect(pruned?.difference.value).toBeCloseTo((pruned?.value ?? 0) - dense.value, 9);
        for (const { low, value, high } of [dense, pruned ?? dense]) {
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
      }
      const accuracy = choice?.figures.find(({ name }) => name === 'accuracy');
      expect(accuracy?.chance).toBeCloseTo(1 / 3, 9);
    });

    it('are in the report, with nothing of their text', async () => {
      const { html } = await service.request('reports.html', { runId: result.runId });
      expect(html).toContain('<h2>Tasks</h2>');
      expect(html).toContain('not distinguishable');
      expect(html).toContain(result.tasks[0]?.files[0]?.sha256);
      expect(html).not.toContain(SECRET);
    });
  });

  it('whose file cannot be read are refused before anything is computed, by line and without its text', async () => {
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(
      broken,
      `${readFileSync(questions, 'utf8')}\n{"question": "${SECRET}", "choices": ["only"]}\n`,
    );
    const tasks = [{ task: 'multiple-choice', name: 'Questions', files: [broken] }];
    const { id } = await service.request('runs.start', withTasks('broken', tasks, null));
    const run = await service.untilStatus(id, 'finished', 'failed', 'interrupted');
    expect(run.status).toBe('failed');
    expect(run.problem?.message).toContain('broken.jsonl');
    expect(run.problem?.message).toContain('21');
    expect(JSON.stringify(run.problem)).not.toContain(SECRET);
  });
});
