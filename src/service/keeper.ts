import type { AppSettings } from '../contract/app-settings.ts';
import type { AuditTrail } from '../history/audit-trail.ts';
import type { ExperimentStore } from '../history/experiment-store.ts';
import type { ExportStore } from '../history/export-store.ts';
import type { ModelStore } from '../history/model-store.ts';
import type { History } from '../history/open-history.ts';
import type { PresetStore } from '../history/preset-store.ts';
import type { RunStore } from '../history/run-store.ts';
import type { SettingsStore } from '../history/settings-store.ts';
import type { Folders } from './folders.ts';
import type { Log } from './log.ts';
import type { PolicyRules } from './policy-rules.ts';

/** What the parts of the service keep things with. */
export interface Keeper {
  readonly folders: Folders;
  readonly policy: PolicyRules;
  readonly log: Log;
  readonly history: History;
  readonly runs: RunStore;
  readonly experiments: ExperimentStore;
  readonly exports: ExportStore;
  readonly models: ModelStore;
  readonly presets: PresetStore;
  readonly settingsStore: SettingsStore;
  readonly audit: AuditTrail;
  /** As they hold: what the person has set, under the policy. */
  settings(): Promise<AppSettings>;
}
