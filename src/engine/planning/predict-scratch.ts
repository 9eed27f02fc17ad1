import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { storeBytes } from '../run/store-size.ts';
import { planOf } from '../streaming/plan.ts';
import type { SpillPolicy } from '../streaming/spill-policy.ts';
import type { Share } from './share.ts';

/** What the run's folder and its scratch file grow to. */
export function predictScratch(
  config: ModelConfig,
  settings: PruneSettings,
  spills: readonly SpillPolicy[],
): Share[] {
  const { scores, pruned } = storeBytes(config, settings);
  const most = Math.max(0, ...spills.map(({ bytes }) => bytes));
  return [
    { name: 'Activations between layers', bytes: Math.max(0, most - planOf(config).activationMemoryBytes) },
    { name: 'Scores', bytes: scores },
    { name: 'Pruned layers', bytes: pruned },
  ].filter(({ bytes }) => bytes > 0);
}
