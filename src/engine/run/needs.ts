import type { PruneSettings } from '../../contract/settings.ts';
import type { Statistic } from '../importance/gradient-statistics.ts';

/** What has to be computed for a criterion. */
export interface Needs {
  /** General pass over open-domain text. */
  readonly general: boolean;
  /** Domain pass, with these statistics of the samples' gradients; empty for none. */
  readonly statistics: readonly Statistic[];
  /** Float32 values beside the codes. */
  readonly exact: boolean;
}

export function needsOf(settings: PruneSettings, dumpImportance: boolean): Needs {
  const { criterion, aggregation, regularizer } = settings;
  const isPaper = criterion === 'paper';
  const statistics = new Set<Statistic>();
  if (criterion !== 'general' || dumpImportance) statistics.add('fisher');
  if (isPaper && aggregation === 'per-sample') statistics.add('gradientAbs').add('signedSquare');
  if (isPaper && aggregation === 'mean-gradient') statistics.add('gradient');
  if (dumpImportance) statistics.add('gradientAbs').add('gradient');
  return {
    general: criterion === 'dual' || criterion === 'general' || (isPaper && regularizer) || dumpImportance,
    statistics: [...statistics],
    exact: isPaper || dumpImportance,
  };
}
