import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { needsOf } from '../run/needs.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import { predictTime } from './predict-time.ts';
import type { Rates } from './rates.ts';
import { type TextSizes, textSizes } from './token-counts.ts';

/** One operation a second, whatever it is, and all else for nothing. */
const BY_OPERATIONS: Rates = {
  ...{ forward: 1, general: 1, backward: 1, head: 1, inversion: 1 },
  ...{ scoring: 0, exporting: { pruning: 0, copying: 0 }, loading: 0, disk: Infinity },
};
const KEEP_ALL = { format: 'float32', keepEvery: 1, bytes: 0 } as const;

/**
 * How many times the operations of pruning a model are those of measuring it on so many tokens: before there is anything to
 * go by, what measuring took says about how long pruning will take. null where nothing is read.
 */
export function pruningBesideReading(
  config: ModelConfig,
  settings: PruneSettings,
  tokens: number,
  texts: TextSizes = textSizes(settings, needsOf(settings, false)),
): number | null {
  if (tokens <= 0) return null;
  const spill = { open: KEEP_ALL, domain: KEEP_ALL };
  const stages = predictTime({ config, settings, texts, spill, modelBytes: 0, rates: BY_OPERATIONS });
  const pruning = stages.reduce((sum, { ms }) => sum + ms / 1000, 0);
  return pruning / (tokens * operationsAToken(config));
}

/** Of reading a token with all layers and the head. */
export const operationsAToken = (config: ModelConfig): number =>
  config.numHiddenLayers * layerFlops(config).forward + headFlops(config, false);
