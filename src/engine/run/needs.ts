import {
  countsOutliers,
  goesLayerByLayer,
  hasGeneralImportance,
  type PruneSettings,
} from '../../contract/settings.ts';
import type { Statistic } from '../importance/gradient-statistics.ts';

/** What has to be computed for a criterion. */
export interface Needs {
  /** General pass. */
  readonly general: boolean;
  /** The general pass sees both texts, not the open one alone, and the Fisher of the open text is wanted too. */
  readonly mixed: boolean;
  /** Domain pass, with these statistics of the samples' gradients; empty for none. */
  readonly statistics: readonly Statistic[];
  /** Float32 values beside the codes. */
  readonly exact: boolean;
  /** A pass that prunes layer after layer, each seeing what the pruned layers below it give. */
  readonly layerwise: boolean;
  /** A pass over the dense model for each layer's outlier ratio; D-Pruner's own passes find it on their way. */
  readonly outliers: boolean;
  /** Which texts are read. */
  readonly domain: boolean;
  readonly open: boolean;
}

export function needsOf(settings: PruneSettings, dumpImportance: boolean): Needs {
  const { method, calibrateOn } = settings;
  const scores = method === 'd-pruner' ? scoresOf(settings, dumpImportance) : NO_SCORES;
  const layerwise = goesLayerByLayer(settings);
  const outliers = countsOutliers(settings);
  const mixes = layerwise || outliers;
  return {
    ...scores,
    layerwise,
    outliers,
    domain: scores.mixed || scores.statistics.length > 0 || (mixes && calibrateOn !== 'open'),
    open: scores.general || (mixes && calibrateOn !== 'domain'),
  };
}

/** Whether a run needs texts at all. */
export const needsCalibration = (settings: PruneSettings): boolean => {
  const { domain, open } = needsOf(settings, false);
  return domain || open;
};

type ScoreNeeds = Pick<Needs, 'general' | 'mixed' | 'statistics' | 'exact'>;
const NO_SCORES: ScoreNeeds = { general: false, mixed: false, statistics: [], exact: false };

function scoresOf(settings: PruneSettings, dumpImportance: boolean): ScoreNeeds {
  const { criterion, aggregation } = settings;
  const isPaper = criterion === 'paper';
  const statistics = new Set<Statistic>();
  if (criterion !== 'general' || dumpImportance) statistics.add('fisher');
  if (isPaper && aggregation === 'per-sample') statistics.add('gradientAbs').add('signedSquare');
  if (isPaper && aggregation === 'mean-gradient') statistics.add('gradient');
  if (dumpImportance) statistics.add('gradientAbs').add('gradient');
  const mixed = criterion === 'balanced';
  return {
    general: hasGeneralImportance(settings) || dumpImportance,
    mixed,
    statistics: [...statistics],
    exact: isPaper || dumpImportance,
  };
}
