import type { SettingsView } from '../../contract/app-settings.ts';
import { verifyAuditFile } from '../../history/audit-trail.ts';
import type { Emit } from '../events.ts';
import { chooseDataFolder } from '../folders.ts';
import type { Keeper } from '../keeper.ts';
import { removeExpired } from '../runs/retention.ts';
import type { HandlersOf } from './handlers.ts';

export function administrationHandlers(
  keeper: Keeper,
  emit: Emit,
): HandlersOf<'audit'> & HandlersOf<'settings'> & HandlersOf<'policy'> {
  const { audit, policy, settingsStore, folders } = keeper;
  const view = async (): Promise<SettingsView> => ({
    settings: await keeper.settings(),
    locked: policy.locked,
    dataFolder: folders.data,
    logFolder: folders.logs,
  });
  return {
    'audit.list': (query) => audit.list(query),
    'audit.export': async ({ file }) => {
      policy.assertAllowed(file);
      const verdict = await audit.export(file);
      await audit.append('audit.exported', file, { entries: verdict.entries, lastHash: verdict.lastHash });
      return verdict;
    },
    'audit.verify': ({ file }) => (file === null ? audit.verify() : verifyAuditFile(file)),
    'settings.get': view,
    'settings.change': async (changes) => {
      policy.assertChangeable(changes);
      await settingsStore.change(changes);
      await audit.append('settings.changed', Object.keys(changes).join(', '), { ...changes });
      const changed = await view();
      emit('settings.changed', changed);
      if (changes.retentionDays !== undefined) await removeExpired(keeper, emit);
      return changed;
    },
    'settings.chooseDataFolder': async ({ folder }) => {
      policy.assertDataFolderChangeable();
      chooseDataFolder(folder);
      await audit.append('settings.changed', 'dataFolder', { from: folders.data, to: folder });
      return {};
    },
    'policy.get': () => policy.view,
  };
}
