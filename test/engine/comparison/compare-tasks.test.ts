import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/contract/error.ts';
import type { Progress } from '../../../src/contract/progress.ts';
import { pruneSettings } from '../../../src/contract/settings.ts';
import { compare } from '../../../src/engine/comparison/compare.ts';
import type { CompareReport, CompareRequest } from '../../../src/engine/comparison/comparison.ts';
import { evaluateTasks } from '../../../src/engine/evaluate-tasks.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { writeLetterTokenizer } from '../letter-tokenizer.ts';
import { TOY } from '../toy-run.ts';

const folder = temporaryFolder();
const model = join(folder, 'toy');
const choices = join(folder, 'choices.csv');
const classes = join(folder, 'classes.csv');
const silent = () => {};

beforeAll(async () => {
  cpSync(TOY, model, { recursive: true });
  await writeLetterTokenizer(model);
  const words = ['sun', 'rain', 'wind', 'snow', 'fog', 'hail', 'dew', 'frost'];
  const records = words.map((word, i) => `what is ${word}?,${word},mist,cloud,${i % 3}`);
  writeFileSync(choices, ['question,choice_0,choice_1,choice_2,label', ...records].join('\n'));
  const texts = words.map((word, i) => `${word} today,${i % 2 === 0 ? 'warm' : 'cold'}`);
  writeFileSync(classes, ['text,label', ...texts].join('\n'));
});

const request = (name: string, changes: Partial<CompareRequest> = {}): CompareRequest => ({
  modelDir: model,
  workDir: join(folder, `${name}-work`),
  methods: [{ name: 'magnitude', settings: { method: 'magnitude' } }],
  sparsities: [0.3, 0.7],
  settings: pruneSettings.parse({ seed: 5 }),
  calibration: { kind: 'tokens', domainFile: null, openFile: null },
  texts: [],
  tasks: [
    { task: 'multiple-choice', label: null, files: [choices] },
    { task: 'classification', label: 'weather', files: [classes] },
  ],
  items: null,
  window: null,
  stride: null,
  maxTokens: null,
  backend: null,
  ...changes,
});

/** The models and tasks that are measured, in their order. */
function recordMeasured() {
  const measured: string[] = [];
  const onProgress = ({ message = '' }: Progress) => {
    if (measured.at(-1) !== message) measured.push(message);
  };
  return { measured, onProgress };
}
const figures = ({ rows }: CompareReport) =>
  rows.map(({ method, sparsity, tasks }) => ({ method, sparsity, tasks }));

describe('a comparison by tasks', () => {
  it('gives the dense model’s figures as evaluate does, and the others’ differences to it', async () => {
    await openBackend(null);
    const before = memory().numTensors;
    const report = await compare(request('tasks'), silent);
    expect(memory().numTensors).toBe(before);
    const { tasks, items, window, stride, maxTokens } = request('tasks');
    const evaluated = await evaluateTasks(
      {
        ...{ modelDir: model, againstDir: null, tasks: tasks ?? [], items: items ?? null, seed: 5 },
        ...{ window, stride, maxTokens, backend: null },
      },
      silent,
    );
    const [dense, ...pruned] = report.rows;
    for (const { label, figures: expected } of evaluated.tasks) expect(dense.tasks[label]).toEqual(expected);
    expect(Object.keys(dense.tasks)).toEqual(['multiple-choice', 'weather']);
    for (const row of pruned) {
      for (const label of ['multiple-choice', 'weather']) {
        for (const [i, { value, against }] of row.tasks[label].entries()) {
          expect(against).toMatchObject({ items: 8, seed: 5, distinguishable: expect.any(Boolean) });
          expect(against?.difference).toBeCloseTo(value - dense.tasks[label][i].value, 12);
        }
      }
    }
    expect(report.tasks).toMatchObject([
      { label: 'multiple-choice', items: 8, ofItems: 8, seed: 5, contextLength: 64 },
      { label: 'weather', files: [{ path: classes, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] },
    ]);
  });

  it('sets every two methods of one sparsity beside each other', async () => {
    const methods = [
      { name: 'by matrix', settings: { method: 'magnitude' as const } },
      { name: 'by row', settings: { method: 'magnitude' as const, group: 'row' as const } },
    ];
    const { pairs, rows } = await compare(request('pairs', { methods }), silent);
    const figureAt = (method: string, sparsity: number, label: string) =>
      rows.find((row) => row.method === method && row.settings?.sparsity === sparsity)?.tasks[label][0].value;
    const found = pairs.map(({ label, sparsity, method, rival }) => [label, sparsity, method, rival]);
    expect(found).toEqual([
      ['multiple-choice', 0.3, 'by row', 'by matrix'],
      ['multiple-choice', 0.7, 'by row', 'by matrix'],
      ['weather', 0.3, 'by row', 'by matrix'],
      ['weather', 0.7, 'by row', 'by matrix'],
    ]);
    for (const { label, sparsity, method, rival, difference } of pairs) {
      const [one, other] = [method, rival].map((name) => figureAt(name, sparsity, label) ?? Number.NaN);
      expect(difference.difference).toBeCloseTo(one - other, 12);
      expect(difference).toMatchObject({ items: 8, seed: 5 });
      expect(difference.low).toBeLessThanOrEqual(difference.high);
    }
  });

  it('goes on at the task where it was stopped, and ends in the same figures', async () => {
    const whole = figures(await compare(request('whole'), silent));
    const controller = new AbortController();
    const stop = ({ message }: Progress) => {
      if (message === 'magnitude at 30 % (2 of 3), weather') controller.abort();
    };
    expect(await refusal(compare(request('stopped'), stop, controller.signal))).toBeInstanceOf(Interrupted);
    const { measured, onProgress } = recordMeasured();
    expect(figures(await compare(request('stopped'), onProgress))).toEqual(whole);
    expect(measured).toEqual([
      'magnitude at 30 % (2 of 3), weather',
      'magnitude at 70 % (3 of 3), multiple-choice',
      'magnitude at 70 % (3 of 3), weather',
    ]);
  });

  it('measures nothing again for another name or place of a file, and only what is new for other tasks', async () => {
    await compare(request('again'), silent);
    const moved = join(folder, 'moved.csv');
    cpSync(choices, moved);
    const same = recordMeasured();
    const tasks = [
      { task: 'multiple-choice', label: 'mine', files: [moved] },
      { task: 'classification', label: null, files: [classes] },
    ];
    await compare(request('again', { tasks }), same.onProgress);
    expect(same.measured).toEqual([]);

    const more = recordMeasured();
    const drawn = { task: 'classification', label: 'drawn', files: [classes, classes] };
    await compare(request('again', { tasks: [...tasks, drawn] }), more.onProgress);
    expect(more.measured).toEqual([
      'dense (1 of 3), drawn',
      'magnitude at 30 % (2 of 3), drawn',
      'magnitude at 70 % (3 of 3), drawn',
    ]);
  });

  it.each<[string, Partial<CompareRequest>]>([
    ['fewer items', { items: 4 }],
    ['another seed of fewer items', { items: 4, settings: pruneSettings.parse({ seed: 6 }) }],
    ['another context', { window: 40 }],
  ])('measures again for %s', async (_, changes) => {
    const { measured, onProgress } = recordMeasured();
    await compare(request('changed', { sparsities: [0.3] }), silent);
    await compare(request('changed', { sparsities: [0.3], ...changes }), onProgress);
    expect(measured).toHaveLength(4);
  });

  it('keeps numbers alone in its folder, and measures again what is damaged there', async () => {
    const whole = await compare(request('kept'), silent);
    const items = join(request('kept').workDir, 'items');
    expect(readdirSync(items)).toHaveLength(6);
    for (const file of readdirSync(items)) {
      expect(readFileSync(join(items, file), 'utf8')).not.toMatch(/sun|today|warm/);
      writeFileSync(join(items, file), '{"kind":');
    }
    rmSync(join(request('kept').workDir, 'rows'), { recursive: true });
    expect(figures(await compare(request('kept'), silent))).toEqual(figures(whole));
  });

  it('refuses a file before anything is computed', async () => {
    const { measured, onProgress } = recordMeasured();
    const tasks = [{ task: 'classification', label: null, files: [choices] }];
    expect(await refusal(compare(request('refused', { tasks }), onProgress))).toMatchObject({
      code: 'DATA_FIELD_MISSING',
      message: expect.stringContaining('choices.csv, line 2'),
    });
    expect(measured).toEqual([]);
  });
});
