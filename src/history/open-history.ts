import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { corruptDatabase, explainDatabaseError } from './database-error.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** The run history's database, open for this process alone. */
export interface History {
  readonly file: string;
  readonly backupFolder: string;
  readonly query: Kysely<Tables>;
  /** Below the query builder, for what it has no words for. */
  readonly database: Database;
  /** Names of the migrations that opening it made. */
  readonly migrated: readonly string[];
  close(): void;
}

export interface HistoryOptions {
  readonly file: string;
  readonly backupFolder: string;
  /** How long to wait for another process that is about to close it. */
  readonly patienceMs?: number;
  /** Instead of the program's own migrations. */
  readonly migrations?: string;
}

/**
 * Opens the database, or makes it, checks it and brings it to the newest form. It is locked for other processes until
 * it is closed: two services on one history would start each other's runs. A database that cannot be used is left as it is.
 * @throws UserError DATABASE_BUSY, DATABASE_CORRUPT, DATABASE_NEWER, DATABASE_NOT_WRITABLE, DATABASE_UNREADABLE, DISK_FULL
 */
export function openHistory({ file, backupFolder, patienceMs = 3000, migrations }: HistoryOptions): History {
  let database: Database | null = null;
  try {
    createPrivately(file);
    database = new Sqlite(file, { timeout: patienceMs });
    lock(database);
    check(database, file, backupFolder);
    const migrated = migrate(database, backupFolder, { ...(migrations && { folder: migrations }) });
    const opened = database;
    return {
      file,
      backupFolder,
      database: opened,
      query: new Kysely<Tables>({ dialect: new SqliteDialect({ database: opened }) }),
      migrated,
      close: () => opened.close(),
    };
  } catch (error) {
    database?.close();
    throw explainDatabaseError(error, file, backupFolder);
  }
}

/** The history tells whose data was worked on: for its owner's eyes. SQLite gives its other files the same rights. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

function lock(database: Database): void {
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL'); // a finished run must survive a power loss
  database.pragma('foreign_keys = ON');
  database.pragma('secure_delete = ON'); // what is deleted is overwritten, too
  database.exec('BEGIN IMMEDIATE; COMMIT');
}

function check(database: Database, file: string, backupFolder: string): void {
  const findings = database.pragma('quick_check(1)', { simple: true });
  if (findings !== 'ok') throw corruptDatabase(file, backupFolder);
}
