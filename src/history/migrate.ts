import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { UserError } from '../contract/error.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS = join(import.meta.dirname, 'migrations');

/**
 * Brings the database's tables to the newest form, one numbered file after the other, each in a transaction of its own and
 * each after a backup `before-NNNN-TIME.sqlite`; of a database that is new there is nothing to back up.
 * @returns the names of the migrations that were made
 * @throws UserError DATABASE_NEWER where a later version of the program has been here
 */
export function migrate(
  database: Database,
  backupFolder: string,
  { folder = MIGRATIONS, now = new Date() } = {},
): string[] {
  const migrations = readMigrations(folder);
  const found = database.pragma('user_version', { simple: true }) as number;
  const newest = migrations.length;
  if (found > newest) {
    throw new UserError(
      'DATABASE_NEWER',
      `The run history ${database.name} is of version ${found}; this program knows versions up to ${newest}.`,
      'Use the newer version of D-Pruner Desktop that has written it, or choose another data folder.',
    );
  }
  const due = migrations.slice(found);
  for (const { version, sql } of due) {
    if (found > 0) backUp(database, backupFolder, version, now);
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${version}`);
    })();
  }
  return due.map(({ name }) => name);
}

function backUp(database: Database, folder: string, version: number, now: Date): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const file = join(folder, `before-${String(version).padStart(4, '0')}-${time}.sqlite`);
  rmSync(file, { force: true });
  database.prepare('VACUUM INTO ?').run(file);
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1) throw new Error(`migration ${name} is out of order`);
    return { version, name, sql: readFileSync(join(folder, name), 'utf8') };
  });
}
