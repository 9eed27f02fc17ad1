import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/**
 * Deletes a run from the backups, too, and what it leaves behind in their free pages.
 * @returns the backups that could not be opened; they are left as they are
 */
export function removeRunFromBackups(folder: string, runId: number): string[] {
  if (!existsSync(folder)) return [];
  const unreadable: string[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.sqlite'))) {
    const file = join(folder, name);
    try {
      removeRun(file, runId);
    } catch {
      unreadable.push(file);
    }
  }
  return unreadable;
}

function removeRun(file: string, runId: number): void {
  const backup = new Sqlite(file);
  try {
    backup.pragma('journal_mode = DELETE');
    backup.pragma('foreign_keys = ON');
    backup.pragma('secure_delete = ON');
    const has = (table: string) =>
      backup.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !==
      undefined;
    if (!has('runs')) return;
    backup.prepare('DELETE FROM runs WHERE id = ?').run(runId);
    backup.exec('DELETE FROM datasets WHERE id NOT IN (SELECT dataset_id FROM run_datasets)');
  } finally {
    backup.close();
  }
}
