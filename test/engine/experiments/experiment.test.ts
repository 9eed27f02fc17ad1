import { existsSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ExperimentReport, experimentReport } from '../../../src/contract/experiment.ts';
import type { Progress } from '../../../src/contract/progress.ts';
import { pruneSettings } from '../../../src/contract/settings.ts';
import type { NamedRun, SweepRequest } from '../../../src/engine/experiments/experiment-request.ts';
import { runExperiment } from '../../../src/engine/experiments/run-experiment.ts';
import { prune } from '../../../src/engine/prune-run.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { TOY, toyRequests, writeToyTokens } from '../toy-run.ts';

const folder = temporaryFolder();
const tokens = writeToyTokens(folder);
const DEMO = join(import.meta.dirname, '../../../resources/demo');
const demoData = (name: string) => join(DEMO, 'data', name);
const silent = () => {};

const onToy = (
  experiment: SweepRequest['experiment'],
  changes: Partial<SweepRequest> = {},
): SweepRequest => ({
  experiment,
  values: null,
  modelDir: TOY,
  workDir: join(folder, `${experiment}-work`),
  settings: pruneSettings.parse({}),
  calibration: { kind: 'tokens', ...tokens },
  texts: [
    { name: 'domain', kind: 'tokens', file: tokens.domainFile },
    { name: 'open', kind: 'tokens', file: tokens.openFile },
  ],
  window: 16,
  stride: 16,
  maxTokens: null,
  backend: null,
  ...changes,
});

/** A preset of two parts over the demo's licence texts. */
function twoParts(): string {
  const file = join(folder, 'two-parts.json');
  const part = (name: string, share: number) => ({ name, title: name, share });
  const parts = [part('first', 0.5), part('second', 0.5)];
  writeFileSync(file, JSON.stringify({ name: 'two', title: 'Two', description: '', parts }));
  return file;
}

const onDemo = (experiment: SweepRequest['experiment'], changes: Partial<SweepRequest> = {}): SweepRequest =>
  onToy(experiment, {
    modelDir: join(DEMO, 'model'),
    settings: pruneSettings.parse({ samples: 8, sequenceLength: 32, openSamples: 8, openSequenceLength: 32 }),
    calibration: {
      kind: 'texts',
      preset: twoParts(),
      data: new Map([
        ['first', [demoData('legal-calibration.jsonl')]],
        ['second', [demoData('general-calibration.jsonl')]],
      ]),
      openFiles: [demoData('general-calibration.jsonl')],
      onShortfall: 'refuse',
    },
    texts: [{ name: 'legal', kind: 'text', file: demoData('legal-test.txt') }],
    maxTokens: 512,
    ...changes,
  });

/** How often each stage got to work; one that finds everything done does not. */
function countStages() {
  const counts: Partial<Record<Progress['stage'], number>> = {};
  let last: Progress | null = null;
  const onProgress = (progress: Progress) => {
    if (progress.done === 0) return;
    if (last?.stage !== progress.stage || progress.done < last.done)
      counts[progress.stage] = (counts[progress.stage] ?? 0) + 1;
    last = progress;
  };
  return { counts, onProgress };
}

const columnOf = ({ tables: [{ columns, rows }] }: ExperimentReport, name: string) =>
  rows.map((row) => row[columns.findIndex((column) => column.name === name)]);

async function run(request: Parameters<typeof runExperiment>[0]) {
  const { counts, onProgress } = countStages();
  const report = await runExperiment(request, onProgress);
  expect(experimentReport.parse(report)).toEqual(report);
  return { report, counts };
}

beforeAll(async () => void (await openBackend(null)));

describe('a sparsity sweep', () => {
  it('scores once, masks for each point, and computes nothing on a second start', async () => {
    const request = onToy('sparsity', { values: ['0.6', '0.2', '0.4'] });
    const { report, counts } = await run(request);
    expect(counts).toMatchObject({ general: 1, forward: 1, backward: 1 });
    expect(columnOf(report, 'point')).toEqual(['dense', '20 %', '40 %', '60 %']);
    const zeros = columnOf(report, 'zeros') as number[];
    for (const [i, sparsity] of [0, 0.2, 0.4, 0.6].entries()) expect(zeros[i]).toBeCloseTo(sparsity, 2);
    const [plot] = report.plots;
    expect(plot).toMatchObject({ kind: 'lines', series: [{ name: 'domain' }, { name: 'open' }] });
    expect(report.seconds.scoring).toBeGreaterThan(0);

    const again = await run(request);
    expect(again.counts).toEqual({});
    expect(again.report.tables).toEqual(report.tables);
  });

  it('has the sparsities of the paper where none are given', async () => {
    const { report } = await run(onToy('sparsity', { workDir: join(folder, 'usual-work') }));
    expect(columnOf(report, 'point').slice(1)).toEqual([
      '10 %',
      '20 %',
      '30 %',
      '40 %',
      '50 %',
      '60 %',
      '70 %',
    ]);
  });
});

describe('tasks', () => {
  it('are measured at each point, with intervals and the difference to the dense model', async () => {
    const tasks = [{ task: 'perplexity', label: 'licences', files: [demoData('legal-test.txt')] }];
    const workDir = join(folder, 'tasks-work');
    const { report } = await run(onDemo('sparsity', { workDir, values: ['0.1', '0.7'], texts: [], tasks }));
    const [, { columns, rows }] = report.tables;
    const cells = (name: string) => rows.map((row) => row[columns.findIndex((one) => one.name === name)]);
    expect(cells('point')).toEqual(['dense', '10 %', '70 %']);
    expect(cells('figure')).toEqual(['perplexity', 'perplexity', 'perplexity']);
    const [dense, , most] = cells('value') as number[];
    expect(cells('difference')[0]).toBe(null);
    expect(cells('difference')[2]).toBeCloseTo(most - dense, 6);
    expect(cells('difference, low')[2]).toBeGreaterThan(0);
    expect(cells('verdict')[2]).toBe('');
    expect(report.tasks).toMatchObject([{ label: 'licences', stride: expect.any(Number), seed: 0 }]);
    expect(report.plots).toMatchObject([{ title: 'Perplexity tasks', y: { scale: 'log' } }]);
  });
});

describe('methods side by side', () => {
  it('are measured on one calibration, D-Pruner scored once for both its rows', async () => {
    const { report, counts } = await run(onToy('methods'));
    expect(counts).toMatchObject({ general: 1, forward: 1, backward: 1, prune: 3 });
    const names = ['magnitude', 'wanda', 'sparsegpt', 'd-pruner', 'd-pruner+compensate'];
    expect(columnOf(report, 'point')).toEqual(['dense', ...names]);
    for (const zeros of columnOf(report, 'zeros').slice(1)) expect(zeros).toBeCloseTo(0.5, 1);
    const [plot] = report.plots;
    expect(plot).toMatchObject({ kind: 'heat-map', rows: names, columns: ['domain', 'open'] });
    const changes = columnOf(report, 'domain, change') as number[];
    const left = plot.kind === 'heat-map' ? plot.values.map(([domain]) => domain) : [];
    for (const [i, share] of left.entries()) expect(share).toBeCloseTo(1 / (1 + changes[i + 1]), 9);
  });

  it('have a column for each task, and its table with intervals', async () => {
    const tasks = [{ task: 'perplexity', label: 'licences', files: [demoData('legal-test.txt')] }];
    const changes = { texts: [], tasks, values: ['magnitude', 'd-pruner:criterion=paper'] };
    const { report } = await run(onDemo('methods', changes));
    const figures = columnOf(report, 'licences: perplexity') as number[];
    expect(figures).toHaveLength(3);
    expect(figures[1]).toBeGreaterThan(figures[0]);
    expect(report.tables[1].rows.map(([point]) => point)).toEqual(['dense', ...changes.values]);
    expect(report.plots).toMatchObject([{ columns: ['licences'] }]);
  });

  it('are known by their names', async () => {
    const wrong = onToy('methods', { values: ['wanda', 'lottery'] });
    expect(await refusal(runExperiment(wrong, silent))).toMatchObject({
      code: 'VALUES_INVALID',
      message: expect.stringContaining('"lottery", but one of magnitude, wanda,'),
    });
  });
});

describe('a sweep of μ', () => {
  it('scores once', async () => {
    const { report, counts } = await run(onToy('mu', { values: ['0', '0.5', '1'] }));
    expect(counts).toMatchObject({ general: 1, backward: 1 });
    expect(columnOf(report, 'point')).toEqual(['dense', 'μ 0', 'μ 0.5', 'μ 1']);
  });

  it('is refused for a criterion without μ', async () => {
    const request = onToy('mu', { settings: pruneSettings.parse({ criterion: 'domain' }) });
    expect(await refusal(runExperiment(request, silent))).toMatchObject({ code: 'SETTINGS_CONFLICT' });
  });
});

describe('a sweep of λ', () => {
  it('passes over the texts once and says what each λ amounts to', async () => {
    const { counts } = await run(onToy('lambda', { values: ['0', '0.1'] }));
    expect(counts).toMatchObject({ general: 1, forward: 1, backward: 1 });
    const workDir = join(folder, 'larger-lambda-work');
    const { report } = await run(onToy('lambda', { workDir, values: ['0', '0.1', '1e7'] }));
    const rhos = columnOf(report, 'amounts to ρ') as number[];
    expect(rhos.slice(0, 2)).toEqual([null, 0]);
    expect(rhos[3] / rhos[2]).toBeCloseTo(1e8, 0);
    const kept = columnOf(report, 'kept as by λ 0') as number[];
    expect(kept[1]).toBe(1);
    expect(kept[2]).toBeGreaterThan(0.99); // the printed λ chooses next to nothing
    expect(kept[3]).toBeLessThan(kept[2]);
    // What was lent is not left lying about.
    expect(globSync('runs/*/scores/*Exact', { cwd: workDir })).toEqual([]);
  });
});

describe('sweeps of the calibration', () => {
  it('compute the importance of general ability once for all sizes', async () => {
    const { report, counts } = await run(onDemo('calibration-size', { values: ['4', '8'] }));
    expect(counts).toMatchObject({ general: 1, forward: 2, backward: 2 });
    expect(report.calibrations.map(({ domain }) => domain?.samples)).toEqual([4, 8]);
  });

  it('share out the same number of sequences between open text and the domain', async () => {
    const { report } = await run(onDemo('open-to-domain', { values: ['0.25', '0.75'] }));
    const samples = report.calibrations.map(({ domain, open }) => [domain?.samples, open?.samples]);
    expect(samples).toEqual([
      [4, 12],
      [12, 4],
    ]);
  });

  it('mix the parts as they are told, also without one of them', async () => {
    const { report } = await run(onDemo('mix', { values: ['75/25', '0/1'] }));
    expect(columnOf(report, 'point')).toEqual(['dense', '75/25', '0/100']);
    const [first, second] = report.calibrations.map(({ domain }) => domain?.sha256);
    expect(first).not.toBe(second);
    const wrong = onDemo('mix', { values: ['1/2/3'] });
    expect(await refusal(runExperiment(wrong, silent))).toMatchObject({
      code: 'VALUES_INVALID',
      message: '--values has "1/2/3", but a share for each of first/second, such as 50/50, is expected.',
    });
  });

  it('say how far draws differ', async () => {
    const { report } = await run(onDemo('seeds', { values: ['0', '1'] }));
    const [one, two] = columnOf(report, 'kept as by seed 0').slice(1) as number[];
    expect(one).toBe(1);
    expect(two).toBeGreaterThan(0.5);
    expect(two).toBeLessThan(1);
    expect(report.remarks.join('\n')).toMatch(/Perplexity on legal: [\d.]+ ± [\d.]+ .* over 2 draws/);
  });

  it('need texts to draw from', async () => {
    for (const experiment of ['calibration-size', 'mix', 'open-to-domain', 'seeds'] as const)
      expect(await refusal(runExperiment(onToy(experiment), silent))).toMatchObject({
        code: 'CALIBRATION_FIXED',
      });
  });

  it('name a value that makes no sense', async () => {
    const request = onDemo('calibration-size', { values: ['4', 'many'] });
    expect(await refusal(runExperiment(request, silent))).toMatchObject({
      code: 'VALUES_INVALID',
      message: '--values has "many", but a whole number above 0 is expected.',
    });
  });
});

describe('experiments on finished runs', () => {
  const runs: NamedRun[] = [];
  beforeAll(async () => {
    const request = toyRequests(folder);
    const swapped = { kind: 'tokens', domainFile: tokens.openFile, openFile: tokens.openFile } as const;
    for (const [name, changes] of [
      ['legal', {}],
      ['other', { calibration: swapped }],
    ] as const) {
      const wanted = request(name, {}, changes);
      await prune(wanted, silent);
      runs.push({ name, runDir: wanted.runDir });
    }
  });

  it('find a mask like itself, and another less so', async () => {
    const same = [runs[0], { ...runs[0], name: 'again' }];
    const { report } = await run({ experiment: 'similarity', runs: same, changes: {} });
    expect(columnOf(report, 'of those kept by either')).toEqual([1]);
    expect(columnOf(report, 'kept by both')[0]).toBeCloseTo(0.5, 3);
    const other = await run({ experiment: 'similarity', runs, changes: { sparsity: 0.3 } });
    expect(other.report.tables[0].rows[0][0]).toBe('legal and other');
    expect(other.report.tables[0].rows[0][1]).toBeGreaterThan(0.49);
    expect(other.report.tables[0].rows[0][1]).toBeLessThan(0.7);
    expect(other.report.plots).toMatchObject([{ kind: 'heat-map', rows: ['layer 0', 'layer 1'] }]);
    expect(other.report.remarks[0]).toContain('49 %');
  });

  it('are refused for one run alone, and for a folder without one', async () => {
    const one = runExperiment({ experiment: 'similarity', runs: [runs[0]], changes: {} }, silent);
    expect(await refusal(one)).toMatchObject({ code: 'RUNS_TOO_FEW' });
    const none = runExperiment(
      { experiment: 'distributions', runs: [{ name: 'x', runDir: folder }] },
      silent,
    );
    expect(await refusal(none)).toMatchObject({ code: 'RUN_MISSING' });
  });

  it('show how importances are distributed', async () => {
    const { report } = await run({ experiment: 'distributions', runs });
    expect(report.tables[0].rows).toHaveLength(2 * 2 * 14); // runs, general and domain, matrices
    for (const row of report.tables[0].rows) {
      const quantiles = row.slice(6) as number[];
      expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
    }
    expect(report.plots.map(({ kind }) => kind)).toEqual(['ranges', 'ranges', 'ranges', 'ranges']);
  });
});

describe('the Fisher experiment', () => {
  it('says how well the empirical Fisher orders weights', async () => {
    const { report } = await run({
      experiment: 'fisher',
      modelDir: TOY,
      source: { kind: 'tokens', file: tokens.domainFile },
      samples: 4,
      sequenceLength: 16,
      weightsPerMatrix: 2,
      seed: 0,
      backend: null,
    });
    const rows = report.tables[0].rows;
    expect(rows.map(([module]) => module)).toEqual([
      'qProj',
      'kProj',
      'vProj',
      'oProj',
      'gateProj',
      'upProj',
      'downProj',
      'all',
    ]);
    expect(rows.at(-1)?.[1]).toBe(28);
    expect(rows.at(-1)?.[2]).toBeGreaterThan(0.2);
    expect(report.tables[1].rows).toHaveLength(28);
    expect(existsSync(join(folder, 'fisher-work'))).toBe(false);
  });
});
