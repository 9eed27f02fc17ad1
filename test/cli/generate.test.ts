import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const DEMO = join(import.meta.dirname, '../../resources/demo/model');
const generate = (...options: string[]) => runCli(['generate', '--model', DEMO, ...options]);

describe('generate', () => {
  it('continues a text, the same each time, and nothing else is on standard output', async () => {
    const asked = ['--prompt', 'This license', '--max-new-tokens', '8'];
    const { exitCode, stdout, stderr } = await generate(...asked);
    expect(exitCode, stderr).toBe(0);
    expect(stdout.trim().length).toBeGreaterThan(4);
    const { stdout: json } = await generate(...asked, '--json');
    expect(JSON.parse(json)).toMatchObject({ newTokens: 8, notes: [] });
    expect(`${JSON.parse(json).text}\n`).toBe(stdout);
    expect(stderr).not.toContain(stdout.trim());
  });

  it('refuses a prompt that the model has no room for', async () => {
    const { exitCode, stderr } = await generate('--prompt', 'a', '--max-new-tokens', '1000');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('more than the 256 that the model takes');
    expect(stderr).toContain('ask for fewer new tokens');
  });
});
