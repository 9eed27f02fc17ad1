import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { experimentReport } from '../../src/contract/experiment.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';
import { TOY_MODEL, writeTokenFiles } from './toy-model.ts';

const folder = temporaryFolder();
const tokens = writeTokenFiles(folder);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

const sweep = (name: string, out: string, ...options: string[]) => [
  ...['experiment', name, '--model', TOY_MODEL, '--out', join(folder, out), '--backend', 'cpu'],
  ...['--tokens', tokens.domain, '--open-tokens', tokens.open],
  ...['--perplexity-tokens', `domain=${tokens.domain}`, '--window', '16'],
  ...options,
];

describe('experiment', () => {
  it('writes a table, a page that stands for itself, what it depends on, and a plot', async () => {
    const asked = sweep('sparsity', 'sweep.md', '--values', '0.3,0.5', '--json');
    const { exitCode, stdout, stderr } = await runCli(asked);
    expect(exitCode, stderr).toBe(0);
    const report = experimentReport.parse(JSON.parse(stdout));
    expect(JSON.parse(read('sweep.json'))).toEqual(report);

    const [heading, dense, first] = read('sweep.csv').split('\r\n');
    expect(heading).toBe('point,zeros,domain,"domain, change",scoring,pruning');
    expect(dense).toMatch(/^dense,0,[\d.]+,,,$/);
    expect(Number(first.split(',')[2])).toBe(report.tables[0].rows[1][2]);

    const page = read('sweep.md');
    expect(page).toMatch(/^# Sparsity: toy-llama\n\n!\[Sparsity\]\(sweep.svg\)/);
    expect(page).toMatch(/^\| 50 % \| 50 % \| [\d.,]+ \| [+−][\d.]+ % \|/m);
    for (const { sha256 } of report.texts) expect(page).toContain(sha256);

    const drawing = read('sweep.svg');
    expect(drawing).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(drawing).toContain('Weights set to zero');
    expect(drawing).not.toContain('NaN');
    expect(drawing.match(/<circle/g)).toHaveLength(2);
  });

  it('does not replace what is there, and by --force takes the points from the work folder', async () => {
    const again = sweep('sparsity', 'sweep', '--values', '0.3,0.5');
    expect(await runCli(again)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--force') });
    const { exitCode, stdout } = await runCli([...again, '--force']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^50 % +50 % /m);
    expect(stdout).toMatch(/Scoring took \d+ s and all masks \d+ s/);
  });

  it('says what it was not given', async () => {
    const cases: [string[], RegExp][] = [
      [['experiment'], /Usage: dpruner experiment/],
      [['experiment', 'luck'], /Unknown command 'luck'/],
      [['experiment', 'similarity', '--out', 'x'], /--run/],
      [['experiment', 'fisher', '--model', TOY_MODEL, '--out', 'x'], /Give a text by --text FILE/],
      [
        ['experiment', 'mu', '--model', TOY_MODEL, '--out', 'x', '--perplexity', 'a=b'],
        /No calibration was given/,
      ],
      [sweep('sparsity', 'other', '--values', '2'), /--values has "2"/],
    ];
    for (const [asked, message] of cases) {
      const { exitCode, stdout, stderr } = await runCli(asked);
      expect(exitCode, asked.join(' ')).not.toBe(0);
      expect(stdout + stderr).toMatch(message);
    }
  });
});
