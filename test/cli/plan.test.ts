import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanReport } from '../../src/engine/plan.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { TOY } from '../engine/toy-run.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const config = join(folder, 'config.json');
writeFileSync(
  config,
  JSON.stringify({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: 4096,
    intermediate_size: 11008,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    vocab_size: 32000,
    max_position_embeddings: 4096,
    torch_dtype: 'float16',
  }),
);
const LARGE = ['--memory', '100GiB', '--scratch-free', '2TB', '--out-free', '100GB'];
const plan = async (...options: string[]) => {
  const { exitCode, stdout, stderr } = await runCli(['plan', '--no-times', '--json', ...options]);
  return { exitCode, stderr, report: JSON.parse(stdout) as PlanReport };
};

describe('plan', () => {
  it('needs no weights: config.json alone is enough', async () => {
    const { exitCode, report, stderr } = await plan('--model', config, ...LARGE);
    expect(exitCode, stderr).toBe(0);
    expect(report.model).toMatchObject({ layers: 32, hasWeights: false });
    expect(report.model.weightBytes / 2 ** 30).toBeCloseTo(12.55, 1);
    expect(report.plan.fits).toBe(true);
    expect(report.plan.memory.freeBytes).toBe(100 * 2 ** 30);
    expect(report.times).toBeNull();
  });

  it('takes the folder of a config without weights, and of a model with them', async () => {
    expect((await plan('--model', folder, ...LARGE)).report.model.hasWeights).toBe(false);
    const { report } = await plan('--model', TOY, ...LARGE);
    expect(report.model).toMatchObject({ layers: 2, hasWeights: true });
  });

  it('takes the settings of prune, and a preset’s', async () => {
    const given = await plan('--model', config, ...LARGE, '--samples', '10', '--sequence-length', '100');
    expect(given.report.texts.domain.tokens).toBe(1000);
    const { report } = await plan('--model', config, ...LARGE, '--preset', 'legal', '--seed', '3');
    expect(report.settings).toMatchObject({ criterion: 'balanced', seed: 3 });
    expect(report.plan.stages.map(({ stage }) => stage)).toContain('open-backward');
  });

  it('says what is short, and the cheapest change that helps, with exit code 1', async () => {
    const { exitCode, report } = await plan('--model', config, ...LARGE, '--scratch-free', '60GB');
    expect(exitCode).toBe(1);
    expect(report.plan.fits).toBe(false);
    expect(report.change?.options).toEqual(['--samples 500']);
    const text = await runCli(['plan', '--no-times', '--model', config, ...LARGE, '--scratch-free', '60GB']);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toContain('The run does not fit. It does with --samples 500');
    expect(text.stdout).toContain('Free: too little');
  });

  it('counts the tokens of token files', async () => {
    const file = join(folder, 'tokens.jsonl');
    writeFileSync(file, '{"input_ids":[1,2,3]}\n{"input_ids":[4,5]}\n');
    const { report } = await plan('--model', config, ...LARGE, '--tokens', file, '--open-tokens', file);
    expect(report.texts.domain).toEqual({ tokens: 5, samples: 2, longest: 3 });
  });

  it('measures this machine and tells a range for each stage', async () => {
    const options = ['--samples', '4', '--sequence-length', '32', '--open-samples', '2'];
    const { stdout, exitCode, stderr } = await runCli([
      ...['plan', '--json', '--model', TOY, '--run', folder, '--out', folder],
      ...[...options, '--open-sequence-length', '32'],
    ]);
    expect(exitCode, stderr).toBe(0);
    const { times } = JSON.parse(stdout) as PlanReport;
    expect(times?.map(({ stage }) => stage)).toEqual(['general', 'forward', 'backward', 'export']);
    for (const { low, ms, high } of times ?? []) {
      expect(low).toBeGreaterThan(0);
      expect(ms).toBeGreaterThan(low);
      expect(high).toBeGreaterThan(ms);
    }
  });

  it('refuses a size that is none, and a model that is not there', async () => {
    const wrong = await runCli(['plan', '--model', config, '--memory', 'much']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('Expected a size such as 8GiB');
    const missing = await runCli(['plan', '--model', join(folder, 'none')]);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('There is no folder');
  });
});
