import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { masksByMagnitude, masksFromStore } from './mask-source.ts';
import { needsOf } from './needs.ts';
import { prunedFromStore } from './pruned-shards.ts';
import type { PrunedWeights } from './pruned-weights.ts';
import type { RunFolder } from './run-folder.ts';

/** What a finished run makes of the model's weights by the settings: its pruned layers, or masks of its scores. */
export function prunedByRun(run: RunFolder, checkpoint: Checkpoint, settings: PruneSettings): PrunedWeights {
  if (needsOf(settings, false).layerwise) return prunedFromStore(checkpoint, run.store);
  if (settings.method === 'd-pruner') return { maskOf: masksFromStore(checkpoint, run.store, settings) };
  return { maskOf: masksByMagnitude(checkpoint, settings, run.record.outlierRatios ?? []) };
}
