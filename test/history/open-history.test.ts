import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/contract/error.ts';
import { MIGRATIONS } from '../../src/history/migrate.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { RunStore } from '../../src/history/run-store.ts';
import { temporaryFolder } from '../engine/checkpoint/temporary-folder.ts';
import { newRun } from './new-run.ts';

const folder = temporaryFolder();
const places = (name: string) => ({
  file: join(folder, name, 'history.sqlite'),
  backupFolder: join(folder, name, 'backups'),
});

function refusalOf(open: () => unknown): UserError {
  try {
    open();
  } catch (error) {
    return error as UserError;
  }
  throw new Error('it was opened');
}

describe('a new history', () => {
  it('has all migrations, a write-ahead log, foreign keys, and is for its owner alone', () => {
    const history = openHistory(places('new'));
    const pragma = (name: string) => history.database.pragma(name, { simple: true });
    expect(history.migrated).toEqual(readdirSync(MIGRATIONS).sort());
    expect([pragma('journal_mode'), pragma('foreign_keys'), pragma('user_version')]).toEqual([
      'wal',
      1,
      readdirSync(MIGRATIONS).length,
    ]);
    if (process.platform !== 'win32') expect(statSync(history.file).mode & 0o077).toBe(0);
    expect(existsSync(history.backupFolder), 'there was nothing to back up').toBe(false);
    history.close();
    const again = openHistory(places('new'));
    expect(again.migrated).toEqual([]);
    again.close();
  });

  it('has none but STRICT tables', () => {
    const { database, close } = openHistory(places('strict'));
    const tables = database
      .prepare("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    expect(tables.length).toBeGreaterThan(6);
    expect(tables.filter((table) => (table as { strict: number }).strict !== 1)).toEqual([]);
    close();
  });
});

describe('a migration', () => {
  /** The first migrations alone, as an earlier version of the program had them. */
  function earlier(name: string, count: number): string {
    const migrations = join(folder, name, 'migrations');
    mkdirSync(migrations, { recursive: true });
    for (const file of readdirSync(MIGRATIONS).sort().slice(0, count))
      copyFileSync(join(MIGRATIONS, file), join(migrations, file));
    return migrations;
  }

  it('keeps what was there and makes a backup before', async () => {
    const before = openHistory({ ...places('older'), migrations: earlier('older', 2) });
    const { summary } = await new RunStore(before.query).add(newRun({ name: 'from an earlier version' }));
    before.close();

    const after = openHistory(places('older'));
    expect(after.migrated).toEqual(readdirSync(MIGRATIONS).sort().slice(2));
    expect((await new RunStore(after.query).get(summary.id)).summary).toEqual(summary);
    after.close();
    const backups = readdirSync(join(folder, 'older/backups')).sort();
    expect(backups.map((name) => name.slice(0, 11))).toEqual(
      after.migrated.map((name) => `before-${name.slice(0, 4)}`),
    );
    const backup = new Sqlite(join(folder, 'older/backups', backups[0] ?? ''), { readonly: true });
    expect(backup.pragma('user_version', { simple: true })).toBe(2);
    expect(backup.prepare('SELECT name FROM runs').pluck().all()).toEqual(['from an earlier version']);
    backup.close();
  });

  it('that fails leaves the database as it was', async () => {
    const migrations = earlier('broken', 2);
    const before = openHistory({ ...places('broken'), migrations });
    await new RunStore(before.query).add(newRun({ name: 'still there' }));
    before.close();
    writeFileSync(
      join(migrations, '0003-broken.sql'),
      'CREATE TABLE half (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);',
    );
    expect(() => openHistory({ ...places('broken'), migrations })).toThrow();
    const database = new Sqlite(places('broken').file);
    expect(database.pragma('user_version', { simple: true })).toBe(2);
    expect(database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    expect(database.prepare('SELECT name FROM runs').pluck().all()).toEqual(['still there']);
    database.close();
  });
});

describe('a history that cannot be opened', () => {
  it('because another process has it: DATABASE_BUSY, and it can be opened once that one is gone', async () => {
    const { file, backupFolder } = places('busy');
    openHistory({ file, backupFolder }).close();
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { openHistory } from ${JSON.stringify(join(import.meta.dirname, '../../src/history/open-history.ts'))};
         globalThis.held = openHistory(${JSON.stringify({ file, backupFolder })}); console.log('held'); setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = once(holder, 'exit');
    try {
      const failed = gone.then(() =>
        Promise.reject(new Error('the other process ended before it had it open')),
      );
      await Promise.race([once(holder.stdout, 'data'), failed]);
      const error = refusalOf(() => openHistory({ file, backupFolder, patienceMs: 50 }));
      expect(error).toMatchObject({ code: 'DATABASE_BUSY', message: expect.stringContaining(file) });
    } finally {
      holder.kill('SIGKILL');
      await gone;
    }
    openHistory({ file, backupFolder, patienceMs: 50 }).close();
  });

  it.each([
    [
      'is no database',
      () => Buffer.from('this was a database before something else was saved over it'.repeat(99)),
    ],
    [
      'has broken pages',
      (whole: Buffer) => {
        whole.fill(0x5a, 4096 * 2, 4096 * 6);
        return whole;
      },
    ],
  ])('because it %s: DATABASE_CORRUPT, and not a byte of it is changed', (name, damage) => {
    const { file, backupFolder } = places(name);
    openHistory({ file, backupFolder }).close();
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    const error = refusalOf(() => openHistory({ file, backupFolder }));
    expect(error).toMatchObject({
      code: 'DATABASE_CORRUPT',
      message: expect.stringMatching(/damaged.*Nothing in it was changed or deleted/),
      fix: expect.stringContaining(backupFolder),
    });
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  it('because a later version wrote it: DATABASE_NEWER', () => {
    const { file, backupFolder } = places('newer');
    const history = openHistory({ file, backupFolder });
    history.database.pragma('user_version = 99');
    history.close();
    expect(refusalOf(() => openHistory({ file, backupFolder }))).toMatchObject({ code: 'DATABASE_NEWER' });
  });

  it('because its place is a folder: DATABASE_NOT_WRITABLE', () => {
    const { file, backupFolder } = places('folder');
    mkdirSync(file, { recursive: true });
    expect(refusalOf(() => openHistory({ file, backupFolder }))).toMatchObject({
      code: 'DATABASE_NOT_WRITABLE',
    });
  });
});
