import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { storeBytes } from '../run/store-size.ts';
import { planOf } from '../streaming/plan.ts';
import type { Share } from './share.ts';

/**
 * What the run's folder and its scratch file grow to.
 * @param activations the most bytes of activations that are kept at a time
 */
export function predictScratch(config: ModelConfig, settings: PruneSettings, activations: number): Share[] {
  const { scores, pruned } = storeBytes(config, settings);
  return [
    {
      name: 'Activations between layers',
      bytes: Math.max(0, activations - planOf(config).activationMemoryBytes),
    },
    { name: 'Scores', bytes: scores },
    { name: 'Pruned layers', bytes: pruned },
  ].filter(({ bytes }) => bytes > 0);
}
