import { type PruneSettings, updateOf } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { linearShape, linearsOf } from '../checkpoint/weight-names.ts';
import { groupShape, INPUT_GROUPS } from '../model/input-groups.ts';
import { needsOf } from './needs.ts';

const FLOAT = 4;
const CODE = 2;
const MASK = 1 / 8;

/** Bytes to which a run's shards grow: codes, float32 values where they are wanted, and pruned layers. */
export function storeBytes(config: ModelConfig, settings: PruneSettings): { scores: number; pruned: number } {
  const needs = needsOf(settings, false);
  const isScored = needs.general || needs.statistics.length > 0;
  const isFinal = isScored && settings.criterion === 'paper';
  const kinds = [needs.general, needs.mixed, needs.statistics.length > 0, isFinal].filter(Boolean).length;
  const exact = needs.exact ? FLOAT * (1 + needs.statistics.length + 1) : 0;
  const isUpdated = updateOf(settings) !== null;
  const weights = config.numHiddenLayers * layerWeights(config);
  return {
    scores: isScored ? weights * (CODE * kinds + exact) + (needs.general ? correlations(config) : 0) : 0,
    pruned: needs.layerwise ? Math.ceil(weights * (MASK + (isUpdated ? FLOAT : 0))) : 0,
  };
}

/** How the inputs of each group go together: half of a square, see `inputCorrelation`. */
const correlations = (config: ModelConfig): number =>
  INPUT_GROUPS.reduce((sum, group) => {
    const [, inputs] = groupShape(config, group);
    return sum + (config.numHiddenLayers * CODE * inputs * (inputs + 1)) / 2;
  }, 0);

const layerWeights = (config: ModelConfig): number =>
  linearsOf(config).reduce((sum, linear) => {
    const [rows, columns] = linearShape(config, linear);
    return sum + rows * columns;
  }, 0);
