import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';
import { TOY_MODEL, writeTokenFiles } from './toy-model.ts';

const folder = temporaryFolder();
const tokens = writeTokenFiles(folder);
const calibration = ['--tokens', tokens.domain, '--open-tokens', tokens.open];
const prune = (out: string, ...options: string[]) => [
  ...['prune', '--model', TOY_MODEL, '--out', join(folder, out), '--backend', 'cpu'],
  ...options,
];

const weightsOf = (out: string) => readFileSync(join(folder, out, 'model.safetensors'));

describe('prune, remask, evaluate', () => {
  it('go round: a pruned model, another one from its scores, and their perplexities', async () => {
    const pruned = await runCli(prune('half', ...calibration, '--json'));
    expect(pruned.exitCode, pruned.stderr).toBe(0);
    const report = JSON.parse(pruned.stdout);
    expect(report).toMatchObject({ outDir: join(folder, 'half'), runDir: join(folder, 'half-run') });
    expect(report.export.zeros / report.export.size).toBeCloseTo(0.5, 3);
    expect(pruned.stderr).toMatch(/^General importance: layer 1\/2/m);

    const remask = ['remask', '--run', report.runDir, '--out', join(folder, 'three-quarters')];
    const remasked = await runCli([...remask, '--sparsity', '0.75', '--json']);
    expect(remasked.exitCode, remasked.stderr).toBe(0);
    const { export: exported } = JSON.parse(remasked.stdout);
    expect(exported.zeros / exported.size).toBeCloseTo(0.75, 3);

    for (const out of ['half', 'three-quarters']) {
      const evaluate = ['evaluate', '--model', join(folder, out), '--tokens', tokens.domain, '--json'];
      const evaluated = await runCli([...evaluate, '--backend', 'cpu']);
      expect(evaluated.exitCode, evaluated.stderr).toBe(0);
      expect(JSON.parse(evaluated.stdout).perplexity).toBeGreaterThan(1);
    }
  });

  it('print a report for a person without --json', async () => {
    const { exitCode, stdout, stderr } = await runCli(prune('readable', ...calibration));
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Pruned model +.*readable$/m);
    expect(stdout).toMatch(/^Method +D-Pruner, dual importance at mu 0\.5$/m);
    expect(stdout).toMatch(/^Zeros +50 %: [\d,]+ of [\d,]+ weights in 14 matrices$/m);
  });
});

describe('prune', () => {
  it('by magnitude needs no calibration and leaves no run', async () => {
    const { exitCode, stdout, stderr } = await runCli(prune('magnitude', '--method', 'magnitude', '--json'));
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runDir: null, settings: { method: 'magnitude' } });
    expect(existsSync(join(folder, 'magnitude-run'))).toBe(false);
  });

  it('passes every setting on, and dumps the importances', async () => {
    const options = [
      ...['--criterion', 'paper', '--aggregation', 'mean-gradient', '--lambda', '0.001', '--alpha', '0.02'],
      ...['--rho', '0.5', '--damping', '0.02', '--sparsity', '0.25', '--blocking', 'iterative'],
      ...['--block-size', '16', '--seed', '7', '--mu', '1', '--samples', '3', '--sequence-length', '16'],
      ...['--open-samples', '4', '--open-sequence-length', '12', '--run', join(folder, 'elsewhere')],
      ...['--dump-importance', join(folder, 'dump'), '--group', 'row', '--allocation', 'owl', '--compensate'],
      ...['--calibrate-on', 'open', '--selection', 'single', '--update', 'sweep'],
    ];
    const { exitCode, stdout, stderr } = await runCli(prune('set', ...calibration, ...options, '--json'));
    expect(exitCode, stderr).toBe(0);
    const { settings, runDir } = JSON.parse(stdout);
    expect(settings).toEqual({
      method: 'd-pruner',
      sparsity: 0.25,
      blocking: 'iterative',
      blockSize: 16,
      criterion: 'paper',
      mu: 1,
      aggregation: 'mean-gradient',
      lambda: 0.001,
      alpha: 0.02,
      rho: 0.5,
      regularizer: true,
      damping: 0.02,
      seed: 7,
      samples: 3,
      sequenceLength: 16,
      openSamples: 4,
      openSequenceLength: 12,
      group: 'row',
      selection: 'single',
      pattern: 'unstructured',
      allocation: 'owl',
      compensate: true,
      update: 'sweep',
      calibrateOn: 'open',
    });
    expect(runDir).toBe(join(folder, 'elsewhere'));
    expect(existsSync(join(folder, 'dump', 'layer-000.safetensors'))).toBe(true);
  });

  it('can leave the regulariser out', async () => {
    const options = ['--criterion', 'paper', '--no-regularizer', '--json'];
    const { stdout, stderr } = await runCli(prune('unregularised', ...calibration, ...options));
    expect(JSON.parse(stdout || '{}').settings, stderr).toMatchObject({ regularizer: false });
  });

  it('never overwrites an output without --force', async () => {
    const magnitude = ['--method', 'magnitude', '--json'];
    await runCli(prune('once', ...magnitude));
    const before = weightsOf('once');
    const again = await runCli(prune('once', ...magnitude, '--sparsity', '0.25'));
    expect(again.exitCode).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'OUTPUT_EXISTS' } });
    expect(weightsOf('once').equals(before)).toBe(true);
    const forced = await runCli(prune('once', ...magnitude, '--sparsity', '0.25', '--force'));
    expect(forced.exitCode, forced.stderr).toBe(0);
    expect(weightsOf('once').equals(before)).toBe(false);
  });
});

describe('an interrupted run', () => {
  it('exits 130, says how to go on, and ends in the same bytes', async () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    const { domain, open } = writeTokenFiles(many, 20);
    const options = [
      '--tokens',
      domain,
      '--open-tokens',
      open,
      '--samples',
      '1000',
      '--open-samples',
      '1000',
    ];
    const stopped = await runCli(prune('stopped', ...options, '--json'), {
      signal: { name: 'SIGINT', after: 'Domain, forward' },
    });
    expect(stopped.exitCode, stopped.stderr).toBe(130);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ error: { code: 'INTERRUPTED' } });
    expect(stopped.stderr).toMatch(/Go on with: dpruner prune .* --resume$/m);
    expect(existsSync(join(folder, 'stopped'))).toBe(false);

    const resumed = await runCli(prune('stopped', ...options, '--resume'));
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const whole = await runCli(prune('whole', ...options));
    expect(whole.exitCode, whole.stderr).toBe(0);
    expect(weightsOf('stopped').equals(weightsOf('whole'))).toBe(true);
  });
});

describe('a preset', () => {
  it('gives the settings that the person did not, and loses to those that they did', async () => {
    const preset = {
      name: 'own',
      title: 'Own',
      description: 'For a test.',
      parts: [{ name: 'part', title: 'Part', share: 1 }],
      settings: { sparsity: 0.3, mu: 0.9 },
    };
    const file = join(folder, 'own.json');
    writeFileSync(file, JSON.stringify(preset));
    const options = ['--method', 'magnitude', '--preset', file, '--sparsity', '0.4', '--json'];
    const { stdout, stderr } = await runCli(prune('preset', ...options));
    expect(JSON.parse(stdout || '{}').settings, stderr).toMatchObject({ sparsity: 0.4, mu: 0.9 });
  });
});
