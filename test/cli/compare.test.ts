import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';
import { TOY_MODEL, writeTokenFiles } from './toy-model.ts';

const folder = temporaryFolder();
const tokens = writeTokenFiles(folder);
const DEMO = join(import.meta.dirname, '../../resources/demo');
const demoData = (name: string) => join(DEMO, 'data', name);

const compare = (out: string, ...options: string[]) => [
  ...['compare', '--model', TOY_MODEL, '--out', join(folder, out), '--backend', 'cpu'],
  ...['--tokens', tokens.domain, '--open-tokens', tokens.open],
  ...['--perplexity-tokens', `domain=${tokens.domain}`, '--window', '16'],
  ...options,
];
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

describe('compare', () => {
  it('measures the demo model, pruned by each method, on texts, and writes three tables', async () => {
    const { exitCode, stdout, stderr } = await runCli([
      ...['compare', '--model', join(DEMO, 'model'), '--out', join(folder, 'demo.md')],
      ...['--methods', 'magnitude,wanda,sparsegpt,d-pruner,d-pruner+compensate', '--sparsity', '0.6'],
      ...['--preset', join(DEMO, 'preset.json'), '--samples', '16', '--open-samples', '16'],
      ...['--data', `licenses=${demoData('legal-calibration.jsonl')}`],
      ...['--open', demoData('general-calibration.jsonl')],
      ...['--perplexity', `legal=${demoData('legal-test.txt')}`],
      ...['--perplexity', `general=${demoData('general-test.txt')}`, '--max-tokens', '2048', '--json'],
    ]);
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(JSON.parse(read('demo.json'))).toEqual(report);
    const methods = ['dense', 'magnitude', 'wanda', 'sparsegpt', 'd-pruner', 'd-pruner+compensate'];
    expect(report.rows.map((row: { method: string }) => row.method)).toEqual(methods);
    const [dense, ...rows] = report.rows;
    for (const { sparsity, perplexities } of rows) {
      expect(sparsity).toBeCloseTo(0.6, 2);
      for (const text of ['legal', 'general']) {
        expect(perplexities[text].perplexity).toBeGreaterThan(dense.perplexities[text].perplexity);
        expect(perplexities[text].scoredTokens).toBe(2040);
      }
    }
    const legal = (method: number) => report.rows[method].perplexities.legal.perplexity;
    expect(legal(5), 'compensation helps').toBeLessThan(legal(4));

    const [heading, ...lines] = read('demo.csv').trimEnd().split('\r\n');
    expect(heading.split(',').slice(0, 6)).toEqual([
      ...['method', 'sparsity', 'zeros', 'weights', 'perplexity legal', 'change legal'],
    ]);
    expect(lines.map((line) => line.split(',')[0])).toEqual(methods);
    expect(Number(lines[3].split(',')[4])).toBe(legal(3));

    const page = read('demo.md');
    expect(page).toMatch(/^\| Method \| Zeros \| legal \| change \| general \| change \| Time \|$/m);
    expect(page).toMatch(/^\| d-pruner\+compensate \| (59\.99|60) % \| [\d.,]+ \| [+×][\d.]+( %)? \|/m);
    for (const { sha256 } of [...report.texts, report.domainTokens, report.openTokens])
      expect(page).toContain(sha256);
    expect(page).toContain('seed 0');
    expect(existsSync(join(folder, 'demo-work', 'rows'))).toBe(true);
    expect(stderr).toMatch(/^Pruning: layer 1\/4.*wanda at 60 % \(3 of 6\)$/m);
  }, 120_000);

  it('prints the table for a person', async () => {
    const { exitCode, stdout, stderr } = await runCli(
      compare('table', '--methods', 'magnitude,d-pruner:criterion=domain', '--sparsity', '0.25,0.5'),
    );
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Method +Zeros +domain +change +Time$/m);
    const rows = [/^dense +0 % /m, /^magnitude +25 % /m, /^d-pruner:criterion=domain +50 % .*[+−].* %/m];
    for (const row of rows) expect(stdout).toMatch(row);
    expect(stdout).toMatch(/^Perplexity over window 16 and stride 16 tokens.*79 of domain/m);
    expect(stdout).toContain(join(folder, 'table.csv'));
  });

  it('takes a pattern, and calibration settings for all methods', async () => {
    const options = ['--pattern', '2:4', '--seed', '3', '--calibrate-on', 'open', '--json'];
    const { exitCode, stdout, stderr } = await runCli(
      compare('pattern', '--methods', 'wanda,sparsegpt,d-pruner:mu=0.2', ...options),
    );
    expect(exitCode, stderr).toBe(0);
    const { rows } = JSON.parse(stdout);
    const settings = { pattern: '2:4', seed: 3, calibrateOn: 'open' };
    for (const row of rows.slice(1)) expect(row).toMatchObject({ sparsity: 0.5, settings });
    expect(rows[3].settings.mu).toBe(0.2);
  });

  it('measures tasks of one’s own, each figure with its interval and its difference to the dense model', async () => {
    const example = (name: string) => join(import.meta.dirname, '../../docs/examples', name);
    const { exitCode, stdout, stderr } = await runCli([
      ...[
        'compare',
        '--model',
        join(DEMO, 'model'),
        '--out',
        join(folder, 'tasks'),
        '--methods',
        'magnitude,magnitude:group=row',
      ],
      ...['--sparsity', '0.7', '--seed', '2', '--items', '5'],
      ...['--tasks', `multiple-choice=${example('multiple-choice.csv')}`],
      ...[`summaries:letters=${example('summaries.jsonl')}`],
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Method +Zeros +multiple-choice: Accuracy, % +letters: ROUGE-1, % +Time$/m);
    expect(stdout).toMatch(/^dense +0 % +\d+\.\d \(\d+\.\d to \d+\.\d\)/m);

    const { rows, tasks } = JSON.parse(read('tasks.json'));
    expect(tasks).toMatchObject([
      { label: 'multiple-choice', items: 5, ofItems: 6, seed: 2 },
      { label: 'letters' },
    ]);
    const [accuracy] = rows[1].tasks['multiple-choice'];
    const [heading, , line] = read('tasks.csv').split('\r\n');
    const cell = (name: string) => line.split(',')[heading.split(',').indexOf(name)];
    expect(Number(cell('multiple-choice accuracy'))).toBe(accuracy.value);
    expect(Number(cell('multiple-choice accuracy difference low'))).toBe(accuracy.against.low);
    expect(Number(cell('letters rougeL'))).toBe(rows[1].tasks.letters[2].value);

    const page = read('tasks.md');
    expect(page).toMatch(/^## Task multiple-choice$/m);
    expect(page).toMatch(/^\| Method \| Beside \| Zeros \| Accuracy, % \| 95 % interval \| Better \|$/m);
    expect(page).toMatch(
      /^\| magnitude:group=row \| magnitude \| 70 % \| [+−]\d.* \| not distinguishable \|$/m,
    );
    expect(page).toMatch(/^\| magnitude \| Accuracy, % \| \d.* to .*\| [+−]\d/m);
    expect(page).toMatch(/^Multiple choice: 5 items of 6, drawn by seed 2\.$/m);
    expect(page).toMatch(/^- chance level: Accuracy, % \d/m);
    for (const { files } of tasks) for (const { sha256 } of files) expect(page).toContain(sha256);
    expect(page).not.toContain('## Texts');
    expect(page + stdout + stderr).not.toMatch(/landlord|toner/);
  }, 120_000);

  it('goes on where it was stopped when the command is given again', async () => {
    const options = ['--methods', 'd-pruner,wanda,sparsegpt', '--sparsity', '0.3,0.5,0.6', '--json'];
    const stopped = await runCli(compare('stopped', ...options), {
      signal: { name: 'SIGINT', after: 'wanda at 30 %' },
    });
    expect(stopped.exitCode, stopped.stderr).toBe(130);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ error: { code: 'INTERRUPTED' } });
    expect(stopped.stderr).toMatch(/the same command goes on/);
    expect(existsSync(join(folder, 'stopped.md'))).toBe(false);

    const resumed = await runCli(compare('stopped', ...options));
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toMatch(/dense|d-pruner at 30 %/);
    expect(JSON.parse(resumed.stdout).rows).toHaveLength(10);
  });

  it('never overwrites a table without --force', async () => {
    writeFileSync(join(folder, 'there.csv'), 'mine');
    const refused = await runCli(compare('there', '--methods', 'magnitude'));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/there\.csv is there already[\s\S]*--force/);
    expect(read('there.csv')).toBe('mine');
    const forced = await runCli(compare('there', '--methods', 'magnitude', '--force'));
    expect(forced.exitCode, forced.stderr).toBe(0);
    expect(read('there.csv')).toMatch(/^method,/);
  });

  it('makes the folder of its tables and quotes names', async () => {
    const text = `a "b", c|d=${tokens.open}`;
    const { exitCode, stderr } = await runCli(
      compare('new/folder/table', '--methods', 'magnitude', '--perplexity-tokens', text),
    );
    expect(exitCode, stderr).toBe(0);
    expect(read('new/folder/table.csv')).toContain('"perplexity a ""b"", c|d"');
    expect(read('new/folder/table.md')).toContain('| a "b", c\\|d |');
  });
});

describe('compare, called as it should not be', () => {
  const bare = (...options: string[]) => [
    ...['compare', '--model', TOY_MODEL, '--out', join(folder, 'bad')],
    ...options,
  ];
  const magnitude = ['--methods', 'magnitude'];

  it.each<[string, string[], string]>([
    ['no methods', bare(), "required option '--methods <list>'"],
    ['an unknown method', bare('--methods', 'best'), 'one of: dense, d-pruner, magnitude, wanda, sparsegpt'],
    ['no text', bare(...magnitude), 'Nothing to measure on was given.'],
    ['a text without a name', bare(...magnitude, '--perplexity', 'x.txt'), '--perplexity takes NAME=FILE'],
    [
      'two texts of one name',
      bare(...magnitude, '--perplexity', 'a=x', '--perplexity-tokens', 'a=y'),
      'Two texts are called "a"',
    ],
    [
      'a sparsity out of range',
      bare(...magnitude, '--perplexity', 'a=x', '--sparsity', '0.5,1'),
      '--sparsity has "1", but a number above 0 and below 1 is expected.',
    ],
    ['no calibration', bare('--methods', 'wanda', '--perplexity', 'a=x'), 'No calibration was given.'],
    ['no file name', ['compare', '--model', 'm', ...magnitude, '--out', 'x/'], 'names no file'],
  ])('exits 2: %s', async (_, commandArguments, message) => {
    const { exitCode, stdout, stderr } = await runCli(commandArguments);
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
    expect(stderr).toMatch(/\nWhat to do: .+\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('exits 1 where a file is not there, before anything is computed', async () => {
    const { exitCode, stdout } = await runCli(
      bare(...magnitude, '--perplexity-tokens', 'a=no-such-file', '--json'),
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'DATA_UNREADABLE', message: expect.stringContaining('no-such-file') },
    });
    expect(existsSync(join(folder, 'bad-work'))).toBe(false);
  });
});
