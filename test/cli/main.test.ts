import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { TOY_MODEL } from './toy-model.ts';

const prune = (...options: string[]) => ['prune', '--model', TOY_MODEL, '--out', 'out', ...options];

describe('help', () => {
  it('lists the commands and exit codes', async () => {
    const { exitCode, stdout, stderr } = await runCli(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of ['prune', 'remask', 'evaluate', 'compare', 'doctor', 'demo'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('130 interrupted');
  });

  it('of prune groups its options, names their defaults and gives examples', async () => {
    const { exitCode, stdout } = await runCli(['prune', '--help']);
    expect(exitCode).toBe(0);
    const headings = stdout.split('\n').filter((line) => /^\S.*:$/.test(line));
    expect(headings).toEqual([
      'The model:',
      'Calibration with texts:',
      'Calibration with token ids, in place of texts:',
      'What is pruned:',
      'Which weights matter:',
      'How much calibration:',
      'The run:',
      'Examples:',
    ]);
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain('--sparsity <fraction> fraction of each matrix that becomes zero (default: 0.5)');
    expect(words).toContain('--sequence-length <tokens>');
    expect(stdout).toContain('dpruner prune --model');
  });

  it('of every command is on standard output', async () => {
    for (const command of ['remask', 'evaluate', 'compare', 'doctor', 'demo']) {
      const { exitCode, stdout } = await runCli([command, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Usage: dpruner ${command}`);
    }
  });

  it('has the version of package.json beside it', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect((await runCli(['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('bad usage', () => {
  it.each([
    ['no command', [], 'No command was given.'],
    ['an unknown command', ['prun'], "Unknown command 'prun'"],
    ['an unknown option', prune('--sparsety', '0.5'), "Unknown option '--sparsety'"],
    ['an option left out', ['prune', '--model', TOY_MODEL], "Required option '--out <folder>' not specified"],
    [
      'a number out of range',
      prune('--sparsity', '1.5'),
      '--sparsity is "1.5", but a number above 0 and below 1 is expected.',
    ],
    ['no number', prune('--mu', 'half'), '--mu is "half", but a number from 0 to 1 is expected.'],
    ['a fraction of a sample', prune('--samples', '2.5'), '--samples is "2.5", but a whole number above 0'],
    [
      'an unknown choice',
      prune('--criterion', 'best'),
      '--criterion is "best", but one of: dual, balanced, paper, general, domain is expected.',
    ],
    ['an unknown backend', prune('--backend', 'cuda'), 'Allowed choices are tensorflow, webgpu, wasm, cpu.'],
    ['a file without the name of its part', prune('--preset', 'legal', '--data', 'x.jsonl'), 'NAME=FILE'],
    [
      'texts beside token ids',
      prune('--tokens', 'a', '--preset', 'legal'),
      "cannot be used with option '--preset",
    ],
    ['texts without a preset', prune('--data', 'a=b'), '--data was given without --preset'],
    ['no calibration', prune(), 'No calibration was given.'],
    ['nothing to evaluate', ['evaluate', '--model', TOY_MODEL], 'Nothing to evaluate was given.'],
    ['a window of nothing', ['evaluate', '--model', TOY_MODEL, '--tokens', 'a', '--window', '0'], '--window'],
  ])('exits 2 and says what is wrong: %s', async (_, commandArguments, message) => {
    const { exitCode, stdout, stderr } = await runCli(commandArguments);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\nWhat to do: .+\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('is one JSON object on standard output with --json', async () => {
    const { exitCode, stdout, stderr } = await runCli(prune('--sparsity', '1.5', '--json'));
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'BAD_USAGE', message: expect.stringContaining('--sparsity'), fix: expect.any(String) },
    });
    expect(stderr).toContain('--sparsity');
  });
});

describe('a failure', () => {
  const missing = ['evaluate', '--model', 'no-such-folder', '--tokens', 'no-such-file', '--backend', 'cpu'];

  it('exits 1 with the message and what to do, without a stack', async () => {
    const { exitCode, stdout, stderr } = await runCli(missing);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/no-such-folder[\s\S]*\nWhat to do: .+\n$/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('is one JSON object on standard output with --json', async () => {
    const { exitCode, stdout } = await runCli([...missing, '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: expect.stringMatching(/^[A-Z_]+$/),
        message: expect.stringContaining('no-such-folder'),
        fix: expect.any(String),
      },
    });
  });

  it('has its stack when developers ask for it', async () => {
    const { stderr } = await runCli(missing, { env: { DPRUNER_DEBUG: '1' } });
    expect(stderr).toMatch(/^\s+at .*src\/engine/m);
  });
});
