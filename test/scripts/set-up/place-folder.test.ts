import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeFolder } from '../../../scripts/set-up/place-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'dpruner-place-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const write = (text: string) => (temporary: string) => writeFile(join(temporary, 'file'), text);

describe('placeFolder', () => {
  it('makes the folder and its parents, and leaves nothing else', async () => {
    await placeFolder(join(parent, 'cache', 'library'), write('whole'));
    expect(readFileSync(join(parent, 'cache', 'library', 'file'), 'utf8')).toBe('whole');
    expect(readdirSync(join(parent, 'cache'))).toEqual(['library']);
  });

  it('leaves nothing when filling fails half-way', async () => {
    const failing = placeFolder(join(parent, 'library'), async (temporary) => {
      writeFileSync(join(temporary, 'file'), 'half');
      throw new Error('no space left');
    });
    await expect(failing).rejects.toThrow('no space left');
    expect(readdirSync(parent)).toEqual([]);
  });

  it('keeps the folder of a process that was faster', async () => {
    const target = join(parent, 'library');
    await Promise.all([placeFolder(target, write('one')), placeFolder(target, write('other'))]);
    expect(['one', 'other']).toContain(readFileSync(join(target, 'file'), 'utf8'));
    expect(readdirSync(parent)).toEqual(['library']);
  });

  it('removes what a killed process left yesterday, not what another is filling now', async () => {
    await mkdir(join(parent, '.library-old'));
    await mkdir(join(parent, '.library-now'));
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(join(parent, '.library-old'), yesterday, yesterday);
    await placeFolder(join(parent, 'library'), write('whole'));
    expect(existsSync(join(parent, '.library-old'))).toBe(false);
    expect(existsSync(join(parent, '.library-now'))).toBe(true);
  });
});
