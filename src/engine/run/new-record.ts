import { resolve } from 'node:path';
import type { PruneSettings } from '../../contract/settings.ts';
import { halfAndHalf } from '../calibration/half-and-half.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { planOf } from '../streaming/plan.ts';
import { currentBackend } from '../tensor/backend.ts';
import { appVersion } from './app-version.ts';
import { hashTokens, modelFingerprint } from './fingerprint.ts';
import type { CalibrationTokens } from './load-calibration.ts';
import type { Needs } from './needs.ts';
import type { RunRecord } from './run-record.ts';

/** The record of a run that has found nothing yet. */
export async function newRecord(
  checkpoint: Checkpoint,
  settings: PruneSettings,
  calibration: CalibrationTokens,
  needs: Needs,
): Promise<RunRecord> {
  return {
    format: 1,
    appVersion,
    createdAt: new Date().toISOString(),
    settings,
    modelDir: resolve(checkpoint.dir),
    modelFingerprint: await modelFingerprint(checkpoint),
    domainTokens: needs.statistics.length > 0 ? describeTokens(calibration.domain) : null,
    openTokens: needs.general ? describeTokens(calibration.open) : null,
    mixTokens: describeTokens(mixOf(calibration, settings, needs)),
    calibration: calibration.report,
    backend: currentBackend(),
    needs: {
      general: needs.general,
      mixed: needs.mixed,
      statistics: [...needs.statistics],
      exact: needs.exact,
    },
    packTokens: planOf(checkpoint.config).packTokens,
    loss: null,
    regularizer: null,
    notes: [],
    outlierRatios: null,
    outliersOf: null,
    prunedFrom: null,
    prunedNotes: [],
    finished: false,
  };
}

/** What the passes beside D-Pruner's own see; empty where there are none. */
export const mixOf = ({ domain, open }: CalibrationTokens, { calibrateOn }: PruneSettings, needs: Needs) =>
  needs.layerwise || needs.outliers ? halfAndHalf(domain, open, calibrateOn) : [];

/** null for no tokens. */
export function describeTokens(samples: readonly Int32Array[]): RunRecord['domainTokens'] {
  if (samples.length === 0) return null;
  const tokens = samples.reduce((total, sample) => total + sample.length, 0);
  return { sha256: hashTokens(samples), samples: samples.length, tokens };
}
