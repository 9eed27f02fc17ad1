import { userInfo } from 'node:os';
import { AuditTrail } from '../history/audit-trail.ts';
import { ExperimentStore } from '../history/experiment-store.ts';
import { ExportStore } from '../history/export-store.ts';
import { ModelStore } from '../history/model-store.ts';
import { openHistory } from '../history/open-history.ts';
import { PresetStore } from '../history/preset-store.ts';
import { RunStore } from '../history/run-store.ts';
import { SettingsStore } from '../history/settings-store.ts';
import type { Folders } from './folders.ts';
import type { Keeper } from './keeper.ts';
import type { Log } from './log.ts';
import type { PolicyRules } from './policy-rules.ts';

/** Opens the history and all that is kept with it. @throws UserError: see openHistory */
export function openKeeper(folders: Folders, policy: PolicyRules, log: Log): Keeper {
  const history = openHistory({ file: folders.databaseFile, backupFolder: folders.backups });
  const { query } = history;
  const settingsStore = new SettingsStore(query);
  for (const name of history.migrated) log.info('migrated', { migration: name });
  return {
    folders,
    policy,
    log,
    history,
    runs: new RunStore(query),
    experiments: new ExperimentStore(query),
    exports: new ExportStore(query),
    models: new ModelStore(query),
    presets: new PresetStore(query),
    settingsStore,
    audit: new AuditTrail(query, accountName()),
    settings: async () => policy.apply(await settingsStore.get()),
  };
}

/** The account on this computer; a process in a container may have none. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
