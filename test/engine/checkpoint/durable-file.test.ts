import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainWriteError, writeDurably } from '../../../src/engine/checkpoint/durable-file.ts';
import { mountSmallDisk } from './full-disk.ts';
import { refusal } from './refusal.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const smallDisk = mountSmallDisk(join(folder, 'small-disk'), 64);

describe('writeDurably', () => {
  it('replaces an older file and leaves no partial one', async () => {
    const dir = join(folder, 'replace');
    await mkdir(dir);
    await writeFile(join(dir, 'a'), 'old');
    await writeFile(join(dir, 'a.partial'), 'left by a killed process');
    await writeDurably(join(dir, 'a'), async (append) => {
      await append(Buffer.from('ne'));
      await append(Buffer.from('w'));
    });
    expect(await readdir(dir)).toEqual(['a']);
    expect(await readFile(join(dir, 'a'), 'utf8')).toBe('new');
  });

  it('keeps the older file when the content cannot be produced', async () => {
    const dir = join(folder, 'keep');
    await mkdir(dir);
    await writeFile(join(dir, 'a'), 'old');
    const failing = writeDurably(join(dir, 'a'), async (append) => {
      await append(Buffer.from('new'));
      throw new Error('out of luck');
    });
    await expect(failing).rejects.toThrow('out of luck');
    expect(await readdir(dir)).toEqual(['a']);
    expect(await readFile(join(dir, 'a'), 'utf8')).toBe('old');
  });

  it.skipIf(!smallDisk)('says that the disk is full, and leaves nothing', async () => {
    const path = join(smallDisk as string, 'a');
    expect(await refusal(writeDurably(path, (append) => append(Buffer.alloc(100_000))))).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining(path),
    });
    expect(await readdir(smallDisk as string)).toEqual([]);
  });
});

describe('explainWriteError', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'OUTPUT_NOT_WRITABLE'],
    ['EROFS', 'OUTPUT_NOT_WRITABLE'],
  ])('puts %s into words', (system, code) => {
    const error = Object.assign(new Error(), { code: system });
    expect(explainWriteError(error, '/out/a')).toMatchObject({
      code,
      message: expect.stringContaining('/out/a'),
    });
  });

  it('leaves other errors alone', () => {
    const error = new Error('else');
    expect(explainWriteError(error, '/out/a')).toBe(error);
  });
});
