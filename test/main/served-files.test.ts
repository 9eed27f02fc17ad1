import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { listServedFiles } from '../../main/served-files.ts';

const root = mkdtempSync(join(tmpdir(), 'dpruner-served-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('lists the files of known types by their path, and nothing that a link leads to', () => {
  const folder = join(root, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '');
  writeFileSync(join(folder, 'assets', 'index-1.js'), '');
  writeFileSync(join(folder, 'assets', 'notes.sqlite'), '');
  writeFileSync(join(root, 'secret.html'), '');
  symlinkSync(join(root, 'secret.html'), join(folder, 'link.html'));
  symlinkSync(root, join(folder, 'up'));
  const served = listServedFiles(folder);
  expect([...served.keys()].sort()).toEqual(['/assets/index-1.js', '/index.html']);
  expect(served.get('/assets/index-1.js')).toEqual({
    file: join(folder, 'assets', 'index-1.js'),
    type: 'text/javascript; charset=utf-8',
  });
});
