import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Tables of what a person can delete. */
type Deletable = 'runs' | 'experiments';

/**
 * Deletes a run or an experiment from the backups, too, and what it leaves behind in their free pages.
 * @returns the backups that could not be opened; they are left as they are
 */
export function removeFromBackups(folder: string, table: Deletable, id: number): string[] {
  if (!existsSync(folder)) return [];
  const unreadable: string[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sqlite'))) {
    const file = join(folder, name);
    try {
      remove(file, table, id);
    } catch {
      unreadable.push(file);
    }
  }
  return unreadable;
}

function remove(file: string, table: Deletable, id: number): void {
  const backup = new Sqlite(file);
  try {
    backup.pragma('journal_mode = DELETE');
    backup.pragma('foreign_keys = ON');
    backup.pragma('secure_delete = ON');
    const has = (table: string) =>
      backup.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !==
      undefined;
    if (!has(table)) return; // of before there were any
    backup.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id);
    if (table === 'runs')
      backup.exec('DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM run_datasets)');
  } finally {
    backup.close();
  }
}
