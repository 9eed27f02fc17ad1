import type { ExperimentReport } from '../../contract/experiment.ts';
import type { OnProgress } from '../../contract/progress.ts';
import { calibrationSizeSweep, openToDomainSweep, seedSweep } from './calibration-sweeps.ts';
import type { ExperimentRequest, SweepRequest } from './experiment-request.ts';
import { fisherAgainstHessian } from './fisher-against-hessian.ts';
import { importanceDistributions } from './importance-distributions.ts';
import { lambdaSweep } from './lambda-sweep.ts';
import { maskSimilarity } from './mask-similarity.ts';
import { muSweep, sparsitySweep } from './mask-sweeps.ts';
import { methodComparison } from './method-comparison.ts';
import { mixSweep } from './preset-mix.ts';
import { runSweep } from './run-sweep.ts';
import type { Sweep } from './sweep.ts';

export const SWEEPS: Readonly<Record<SweepRequest['experiment'], Sweep>> = {
  sparsity: sparsitySweep,
  methods: methodComparison,
  mu: muSweep,
  lambda: lambdaSweep,
  'calibration-size': calibrationSizeSweep,
  mix: mixSweep,
  'open-to-domain': openToDomainSweep,
  seeds: seedSweep,
};

/** @throws UserError for anything the user can mend; Interrupted when `signal` is aborted */
export async function runExperiment(
  request: ExperimentRequest,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<ExperimentReport> {
  switch (request.experiment) {
    case 'similarity':
      return await maskSimilarity(request);
    case 'distributions':
      return await importanceDistributions(request);
    case 'fisher':
      return await fisherAgainstHessian(request, onProgress, signal);
    default:
      return await runSweep(SWEEPS[request.experiment], request, onProgress, signal);
  }
}
