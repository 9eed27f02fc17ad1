import { afterEach, describe, expect, it, vi } from 'vitest';
import { resumeCommand } from '../../src/cli/resume-command.ts';

afterEach(() => vi.unstubAllEnvs());

describe('resumeCommand', () => {
  it('is the same command with --resume, once', () => {
    vi.stubEnv('npm_lifecycle_event', '');
    expect(resumeCommand(['prune', '--model', 'm', '--data', 'a=b.jsonl'], 'linux')).toBe(
      'dpruner prune --model m --data a=b.jsonl --resume',
    );
    expect(resumeCommand(['prune', '--resume', '--out', 'o'], 'linux')).toBe(
      'dpruner prune --out o --resume',
    );
  });

  it('starts the way the person did', () => {
    vi.stubEnv('npm_lifecycle_event', 'dpruner');
    expect(resumeCommand(['prune'], 'linux')).toBe('npm run -s dpruner -- prune --resume');
  });

  it('quotes what a shell would take apart', () => {
    vi.stubEnv('npm_lifecycle_event', '');
    const given = ['prune', '--out', "Jane's model", '--run', '$HOME'];
    expect(resumeCommand(given, 'linux')).toBe(
      "dpruner prune --out 'Jane'\\''s model' --run '$HOME' --resume",
    );
    expect(resumeCommand(given, 'win32')).toBe('dpruner prune --out "Jane\'s model" --run "$HOME" --resume');
  });
});
