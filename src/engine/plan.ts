import { stat } from 'node:fs/promises';
import type { PruneSettings } from '../contract/settings.ts';
import { readTokenFile } from './calibration/token-file.ts';
import type { ModelConfig } from './checkpoint/config.ts';
import { type Change, cheapestChange } from './planning/cheapest-change.ts';
import { measureRates } from './planning/measure-rates.ts';
import { type Machine, planRun, type RunPlan } from './planning/plan-run.ts';
import { readPlannedModel } from './planning/planned-model.ts';
import { predictTime, type StageTime } from './planning/predict-time.ts';
import { highest } from './planning/stage-memory.ts';
import { sizesOfSamples, type TextSizes, textSizes } from './planning/token-counts.ts';
import { assertMaskSettings } from './pruning/grouping.ts';
import type { CalibrationSource } from './run/calibration-source.ts';
import { type Needs, needsOf } from './run/needs.ts';
import { existingAncestor, freeBytesAt } from './streaming/free-space.ts';
import { type BackendName, type BackendTrial, openBackend } from './tensor/backend.ts';
import { hasFusedKernels } from './tensor/fused-kernels.ts';

export interface PlanRequest {
  /** A model's folder, or its config.json. */
  readonly model: string;
  readonly settings: PruneSettings;
  /** Token files are counted; of texts the most that the settings ask for is assumed. */
  readonly calibration: CalibrationSource | null;
  readonly runDir: string;
  readonly outDir: string;
  readonly backend: BackendName | null;
  /** What another machine has, in place of this one's. */
  readonly machine: Partial<Machine>;
  /** Whether this machine's rates are measured, for the times. */
  readonly timed: boolean;
}

export interface PlanReport {
  readonly model: {
    readonly path: string;
    readonly layers: number;
    readonly weightBytes: number;
    /** False where the plan was made from config.json alone. */
    readonly hasWeights: boolean;
  };
  readonly settings: PruneSettings;
  readonly texts: TextSizes;
  readonly backend: BackendTrial[];
  readonly plan: RunPlan;
  /** The stage with the highest peak of memory. */
  readonly peakStage: string;
  /** null where no rates were measured. */
  readonly times: readonly StageTime[] | null;
  /** What would make it fit, where it does not. */
  readonly change: { readonly options: Change['option'][]; readonly plan: RunPlan } | null;
}

/**
 * What pruning a model would need of a machine: memory, disk and time.
 * @throws UserError for anything the user can mend
 */
export async function plan(request: PlanRequest): Promise<PlanReport> {
  const { settings, runDir, outDir } = request;
  const memoryFreeBytes = process.availableMemory();
  const { config, weightBytes, hasWeights } = await readPlannedModel(request.model);
  assertMaskSettings(settings, config);
  const backend = await openBackend(request.backend);
  const programBytes = process.memoryUsage.rss();
  const machine: Machine = {
    memoryFreeBytes,
    deviceFreeBytes: null,
    scratchFreeBytes: await freeBytesAt(runDir),
    outFreeBytes: await freeBytesAt(outDir),
    isOneDisk: await areOnOneDisk(runDir, outDir),
    ...request.machine,
  };
  const texts = await countTexts(request, config, needsOf(settings, false));
  const planWith = (changed: PruneSettings) =>
    planRun({
      config,
      settings: changed,
      texts: changed === settings ? texts : textSizes(changed, needsOf(changed, false)),
      weightBytes,
      programBytes,
      isComposed: !hasFusedKernels(),
      machine,
    });
  const made = planWith(settings);
  const change = made.fits ? null : cheapestChange(settings, planWith);
  return {
    model: { path: request.model, layers: config.numHiddenLayers, weightBytes, hasWeights },
    settings,
    texts,
    backend,
    plan: made,
    peakStage: highest(made.stages).stage,
    times: request.timed
      ? predictTime({
          config,
          settings,
          texts,
          spill: made.spill,
          modelBytes: weightBytes,
          rates: await measureRates(config, settings, existingAncestor(runDir)),
        })
      : null,
    change: change && { options: [...change.options], plan: change.plan },
  };
}

async function countTexts(
  { calibration, settings }: PlanRequest,
  { vocabSize, maxPositionEmbeddings }: ModelConfig,
  needs: Needs,
): Promise<TextSizes> {
  if (calibration?.kind !== 'tokens') return textSizes(settings, needs);
  const read = async (file: string | null, isNeeded: boolean) =>
    file === null || !isNeeded ? [] : readTokenFile(file, vocabSize, maxPositionEmbeddings);
  const domain = await read(calibration.domainFile, needs.domain);
  const open = await read(calibration.openFile, needs.open);
  return sizesOfSamples(domain, open, settings, needs);
}

async function areOnOneDisk(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => stat(existingAncestor(path))));
  return first.dev === second.dev;
}
