import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EvaluateTasksReport } from '../../src/engine/evaluate-tasks.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEMO = join(ROOT, 'resources/demo/model');
const example = (name: string) => join(ROOT, 'docs/examples', name);
const folder = temporaryFolder();
const legalText = join(ROOT, 'resources/demo/data/legal-test.txt');

const evaluate = (...options: string[]) => runCli(['evaluate', '--model', DEMO, ...options]);
const TASKS = [
  ...['--task', `multiple-choice=${example('multiple-choice.csv')}`, example('multiple-choice.jsonl')],
  ...[`classification:desk=${example('classification.csv')}`, `summaries=${example('summaries.jsonl')}`],
  ...['--task', `perplexity:legal=${legalText}`, '--max-tokens', '2048'],
];

async function report(...options: string[]): Promise<EvaluateTasksReport> {
  const { exitCode, stdout, stderr } = await evaluate(...options, '--json');
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}
const taskOf = ({ tasks }: EvaluateTasksReport, label: string) => tasks.find((task) => task.label === label);

describe('evaluate --task', () => {
  it('gives each figure with all that it depends on', async () => {
    const found = await report(...TASKS);
    expect(found.tasks.map(({ label }) => label)).toEqual(['multiple-choice', 'desk', 'summaries', 'legal']);
    expect(found).toMatchObject({ model: { dir: DEMO }, against: null, appVersion: expect.any(String) });
    const choice = taskOf(found, 'multiple-choice');
    expect(choice).toMatchObject({
      items: 9,
      ofItems: 9,
      seed: 0,
      contextLength: 256,
      truncated: 0,
      stride: null,
    });
    expect(choice?.files).toEqual(
      ['multiple-choice.csv', 'multiple-choice.jsonl'].map((name) => ({
        path: example(name),
        sha256: createHash('sha256')
          .update(readFileSync(example(name)))
          .digest('hex'),
      })),
    );
    expect(choice?.figures.map(({ name }) => name)).toEqual(['accuracy', 'macroF1']);
    for (const { value, low, high, chance } of choice?.figures ?? []) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(chance).toBeGreaterThan(0.2);
    }
    expect(taskOf(found, 'summaries')?.figures.map(({ name }) => name)).toEqual([
      'rouge1',
      'rouge2',
      'rougeL',
    ]);
    expect(taskOf(found, 'legal')).toMatchObject({
      contextLength: 256,
      stride: 256,
      maxTokens: 2048,
      scoredTokens: 2040,
    });
  }, 60_000);

  it('gives the perplexity that --perplexity gives', async () => {
    const [task] = (await report('--task', `perplexity=${legalText}`, '--max-tokens', '1024')).tasks;
    const { stdout } = await evaluate('--perplexity', legalText, '--max-tokens', '1024', '--json');
    expect(task.figures[0].value).toBeCloseTo(JSON.parse(stdout).perplexity, 9);
  }, 60_000);

  it('draws so many items by the seed, and cuts prompts that are too long', async () => {
    const options = [
      '--task',
      `desk=${example('classification.csv')}`.replace('desk', 'classification'),
      '--items',
      '5',
    ];
    const [drawn] = (await report(...options, '--seed', '3', '--window', '12')).tasks;
    expect(drawn).toMatchObject({ items: 5, ofItems: 8, seed: 3, contextLength: 12 });
    expect(drawn.truncated).toBeGreaterThan(0);
    const [again] = (await report(...options, '--seed', '3', '--window', '12')).tasks;
    expect(again.figures).toEqual(drawn.figures);
  }, 60_000);

  it('lets summaries have fewer tokens', async () => {
    const summaries = ['--task', `summaries=${example('summaries.jsonl')}`];
    const { exitCode, stdout, stderr } = await evaluate(...summaries, '--max-new-tokens', '6');
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('at most 6 tokens written');
  }, 60_000);

  it('prints a table for a person, without any text of the files', async () => {
    const { exitCode, stdout, stderr } = await evaluate(...TASKS);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Task +Figure +Model +95 % interval +Chance/m);
    expect(stdout).toMatch(/^multiple-choice +Accuracy, % +\d+\.\d +\d+\.\d to \d+\.\d +\d+\.\d/m);
    expect(stdout).toMatch(/9 items[\s\S]*context 256 tokens[\s\S]*0 prompts truncated[\s\S]*SHA-256/);
    expect(stdout).toMatch(/^desk +Macro-F1.*(at|below) chance level/m);
    expect(stderr).toMatch(/^Evaluation: layer 1\/4, multiple-choice$/m);
    for (const text of ['toner', 'keys', 'invoice']) expect(stdout + stderr).not.toContain(text);
  }, 60_000);
});

describe('evaluate --task --against', () => {
  const other = join(folder, 'zeroed');
  beforeAll(() => {
    cpSync(DEMO, other, { recursive: true });
    const file = join(other, 'model.safetensors');
    const bytes = readFileSync(file);
    // The last quarter of the weights, whichever they are, is another model's.
    bytes.fill(0, bytes.length - Math.floor(bytes.length / 8) * 2);
    writeFileSync(file, bytes);
  });

  it('compares the models on the same items', async () => {
    const found = await report(...TASKS, '--against', other);
    expect(found.against?.dir).toBe(other);
    const legal = taskOf(found, 'legal');
    const [difference] = legal?.figures.map(({ against }) => against) ?? [];
    const [mine, theirs] = [legal?.figures[0].value ?? 0, legal?.againstFigures?.[0].value ?? 0];
    expect(mine).toBeLessThan(theirs);
    expect(difference).toMatchObject({
      distinguishable: true,
      items: legal?.items,
      resamples: 2000,
      seed: 0,
    });
    expect(difference?.difference).toBeCloseTo(mine - theirs, 9);
  }, 120_000);

  it('does not tell a model apart from itself, and says so', async () => {
    const { exitCode, stdout, stderr } = await evaluate(
      ...['--task', `classification=${example('classification.csv')}`, '--against', DEMO],
    );
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^classification +Macro-F1.* \+0\.0 +\+0\.0 to \+0\.0 +not distinguishable/m);
  }, 60_000);
});

describe('evaluate --task is refused', () => {
  it.each([
    ['a task that is not there', ['--task', 'poems=a.csv'], 1, 'There is no task "poems"'],
    ['a file that is not there', ['--task', 'hqs=none.xlsx'], 1, 'none.xlsx: there is no such file'],
    ['two texts under one name', ['--task', `perplexity=${legalText}`, legalText], 1, 'takes one text file'],
    [
      'a context without room',
      ['--task', `summaries=${example('summaries.jsonl')}`, '--window', '100'],
      1,
      'no room',
    ],
    [
      'an option beyond the context',
      ['--task', `multiple-choice=${example('multiple-choice.csv')}`, '--window', '2'],
      1,
      'multiple-choice.csv, line',
    ],
    ['a word without a task', ['--task', 'file.csv'], 2, 'TASK[:NAME]=FILE'],
    [
      'perplexity beside tasks',
      ['--perplexity', legalText, '--task', 'hqs=a'],
      2,
      "cannot be used with option '--task",
    ],
    [
      'another model without tasks',
      ['--perplexity', legalText, '--against', DEMO],
      2,
      '--against was given without --task',
    ],
  ])('%s', async (_, options, code, message) => {
    const { exitCode, stdout, stderr } = await evaluate(...options);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nWhat to do: .+\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(code);
  });
});
