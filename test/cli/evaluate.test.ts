import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { runCli } from './run-cli.ts';
import { TOY_MODEL, writeTokenFiles } from './toy-model.ts';

const tokens = writeTokenFiles(temporaryFolder());
const evaluate = ['evaluate', '--model', TOY_MODEL, '--tokens', tokens.domain, '--backend', 'cpu'];

describe('evaluate', () => {
  it('gives perplexity, token count and settings as one JSON object', async () => {
    const { exitCode, stdout, stderr } = await runCli([
      ...evaluate,
      '--window',
      '16',
      '--stride',
      '8',
      '--json',
    ]);
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ window: 16, stride: 8, backend: 'cpu' });
    expect(report.perplexity).toBeCloseTo(Math.exp(report.meanNll), 6);
    // 85 tokens in all: each is scored once but for the first.
    expect(report.scoredTokens).toBe(84);
    expect(report.sha256).toBe(createHash('sha256').update(readFileSync(tokens.domain)).digest('hex'));
  });

  it('prints the count and the settings beside the figure, and progress on standard error', async () => {
    const { exitCode, stdout, stderr } = await runCli([...evaluate, '--window', '16', '--stride', '8']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^Perplexity +\d+\.\d+$/m);
    expect(stdout).toMatch(/^Scored tokens +84 in \d+ windows$/m);
    expect(stdout).toMatch(/^Window, stride +16, 8 tokens$/m);
    expect(stderr).toMatch(/^Evaluation: layer 1\/2/m);
  });

  it('reads no more tokens than asked for', async () => {
    const { stdout } = await runCli([...evaluate, '--max-tokens', '20', '--json']);
    expect(JSON.parse(stdout).scoredTokens).toBe(19);
  });
});
