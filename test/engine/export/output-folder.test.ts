import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertOutputFree, createFolder } from '../../../src/engine/export/output-folder.ts';
import { refusal } from '../checkpoint/refusal.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;

/** A fresh folder with a `source` in it. */
async function workspace() {
  const dir = join(folder, `case-${count++}`);
  await mkdir(join(dir, 'source'), { recursive: true });
  return { dir, source: join(dir, 'source'), out: join(dir, 'out') };
}

const put = (name: string, text: string) => (dir: string) => writeFile(join(dir, name), text);

/** The id of a process that is no more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid as number;
}

describe('assertOutputFree', () => {
  it('accepts a new folder, in a parent that is not there yet either', async () => {
    const { dir, source } = await workspace();
    await assertOutputFree(source, join(dir, 'a', 'b'), false);
    expect(await readdir(dir)).toEqual(['source']);
  });

  it.each([
    ['is', 'source'],
    ['lies in', 'source/out'],
    ['lies deep in', 'source/a/b'],
    ['holds', '.'],
    ['is, by another way,', 'link'],
    ['lies in, by another way,', 'link/out'],
  ])('refuses an output that %s the source, even by force', async (_, name) => {
    const { dir, source } = await workspace();
    await symlink('source', join(dir, 'link'));
    expect(await refusal(assertOutputFree(source, join(dir, name), true))).toMatchObject({
      code: 'OUTPUT_OVERLAPS_MODEL',
      message: expect.stringContaining(source),
    });
  });

  it('tells a neighbour with a similar name from the source', async () => {
    const { dir, source } = await workspace();
    await assertOutputFree(source, `${source}-pruned`, false);
    await assertOutputFree(source, join(dir, '..source'), false);
  });

  it('refuses what exists unless forced: a folder, an empty file, a link to nowhere', async () => {
    const { dir, source } = await workspace();
    await mkdir(join(dir, 'folder'));
    await writeFile(join(dir, 'file'), '');
    await symlink('nowhere', join(dir, 'link'));
    for (const name of ['folder', 'file', 'link']) {
      expect(await refusal(assertOutputFree(source, join(dir, name), false))).toMatchObject({
        code: 'OUTPUT_EXISTS',
        message: expect.stringContaining(name),
        fix: expect.stringContaining('--force'),
      });
      await assertOutputFree(source, join(dir, name), true);
    }
  });

  it('replaces an export by force, but no other folder with subfolders, no home and no working folder', async () => {
    const { source, out } = await workspace();
    await mkdir(join(out, 'letters'), { recursive: true });
    const notReplaceable = { code: 'OUTPUT_NOT_REPLACEABLE' };
    expect(await refusal(assertOutputFree(source, out, true))).toMatchObject(notReplaceable);
    await put('dpruner.json', '{}')(out);
    await assertOutputFree(source, out, true);
    for (const dir of [homedir(), process.cwd()]) {
      expect(await refusal(assertOutputFree(source, dir, true))).toMatchObject(notReplaceable);
    }
  });
});

describe('createFolder', () => {
  it('gives the folder its name only when it is whole', async () => {
    const { dir, out } = await workspace();
    await createFolder(out, false, async (partial) => {
      await put('a', 'whole')(partial);
      expect(existsSync(out)).toBe(false);
    });
    expect(await readdir(dir)).toEqual(['out', 'source']);
    expect(await readFile(join(out, 'a'), 'utf8')).toBe('whole');
  });

  it('makes missing parents', async () => {
    const { dir } = await workspace();
    await createFolder(join(dir, 'a', 'b', 'out'), false, put('a', ''));
    expect(await readdir(join(dir, 'a', 'b'))).toEqual(['out']);
  });

  it('replaces an older folder by force, and removes it', async () => {
    const { dir, out } = await workspace();
    await mkdir(out);
    await put('old', '')(out);
    await createFolder(out, true, put('new', ''));
    expect(await readdir(dir)).toEqual(['out', 'source']);
    expect(await readdir(out)).toEqual(['new']);
  });

  it('keeps the older folder when the new one fails', async () => {
    const { dir, out } = await workspace();
    await mkdir(out);
    await put('old', '')(out);
    await expect(createFolder(out, true, () => Promise.reject(new Error('out of luck')))).rejects.toThrow(
      'luck',
    );
    expect(await readdir(dir)).toEqual(['out', 'source']);
    expect(await readdir(out)).toEqual(['old']);
  });

  it('does not replace what appeared while it was writing', async () => {
    const { dir, out } = await workspace();
    const error = await refusal(createFolder(out, false, () => mkdir(out).then(() => {})));
    expect(error).toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readdir(dir)).toEqual(['out', 'source']);
  });

  it('says so when a file stands where the parent folder should be', async () => {
    const { dir } = await workspace();
    await writeFile(join(dir, 'file'), '');
    for (const path of ['file/out', 'file/a/out']) {
      expect(await refusal(createFolder(join(dir, path), false, put('a', '')))).toMatchObject({
        code: 'OUTPUT_NOT_WRITABLE',
      });
    }
  });

  it('removes what dead processes left, an earlier one with our own id too, and nothing else', async () => {
    const { dir, out } = await workspace();
    const dead = await deadPid();
    const stay = [`out.partial-${process.ppid}`, 'out.partial', 'out.partial-x', `other.partial-${dead}`];
    for (const name of [`out.partial-${dead}`, `out.partial-${process.pid}`, `out.old-${dead}`, ...stay]) {
      await mkdir(join(dir, name));
    }
    await mkdir(out);
    await createFolder(out, true, put('new', ''));
    expect((await readdir(dir)).sort()).toEqual(['out', 'source', ...stay].sort());
    expect(await readdir(out)).toEqual(['new']);
  });

  it('puts back a folder that a killed process had set aside and not replaced', async () => {
    const { dir, out } = await workspace();
    const aside = `${out}.old-${await deadPid()}`;
    await mkdir(aside);
    await put('old', '')(aside);
    await expect(createFolder(out, true, () => Promise.reject(new Error('out of luck')))).rejects.toThrow(
      'luck',
    );
    expect(await readdir(dir)).toEqual(['out', 'source']);
    expect(await readdir(out)).toEqual(['old']);
  });
});
