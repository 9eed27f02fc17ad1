import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const bootstrap = join(import.meta.dirname, '..', '..', 'scripts', 'bootstrap.mjs');

describe('bootstrap', () => {
  it('refuses a command that it does not know and says which ones there are', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bootstrap, 'prnue'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('"prnue" is not a command');
    expect(stderr).toContain('setup, start, test, make, dpruner');
  });
});
