import type { OnProgress, Stage } from '../../contract/progress.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { type Pack, packSamples } from '../model/segments.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { freeBytesAt } from '../streaming/free-space.ts';
import { layersComputedAgain } from '../streaming/kept-boundaries.ts';
import { planOf } from '../streaming/plan.ts';
import { ProgressMeter, type StageTiming, type StageWork } from '../streaming/progress-meter.ts';
import { backwardPolicy, forwardPolicy, type SpillPolicy } from '../streaming/spill-policy.ts';
import { headFlops, layerFlops } from '../streaming/stage-work.ts';
import { openTokenStream, type TokenStream } from '../streaming/token-stream.ts';
import { dumpImportance } from './dump-importance.ts';
import type { CalibrationTokens } from './load-calibration.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';
import { scoreFinal, scoreFinalBySample } from './score-final.ts';
import { scoreDomain, scoreGeneral, scoreOpen } from './score-layers.ts';
import { storeBytes } from './store-size.ts';

export interface ScoreOptions {
  readonly settings: PruneSettings;
  readonly dumpImportanceDir: string | null;
  /** Leaves the float32 importances with the run, for others to borrow. */
  readonly keepExact?: boolean;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/** Computes what the run's store still lacks, and marks the run as finished. */
export async function scoreAll(
  run: RunFolder,
  checkpoint: Checkpoint,
  calibration: CalibrationTokens,
  needs: Needs,
  options: ScoreOptions,
): Promise<StageTiming[]> {
  const { settings, onProgress, signal } = options;
  const plan = planOf(checkpoint.config);
  const open = packSamples(calibration.open, plan.packTokens);
  const domain = packSamples(calibration.domain, plan.packTokens);
  const { config } = checkpoint;
  const { scores, pruned } = storeBytes(config, settings);
  const room = plan.activationMemoryBytes + Math.max(0, (await freeBytesAt(run.dir)) - scores - pruned);
  const stream = (packs: Pack[], { format }: SpillPolicy, meter: ProgressMeter): Promise<TokenStream> => {
    const store = new ActivationStore(run.scratchDir, { memoryBytes: plan.activationMemoryBytes, format });
    return openTokenStream(checkpoint, packs, store, meter);
  };
  const openSpill = backwardPolicy(config, tokensOf(open), room);
  const domainSpill = backwardPolicy(config, tokensOf(domain), room);
  const domainWork = workOfDomain(config, domain, domainSpill, 'forward', 'backward');
  const seenByGeneral = needs.mixed ? [...open, ...domain] : open;
  const work = [
    ...(needs.general ? [workOfGeneral(config, seenByGeneral)] : []),
    ...(needs.mixed ? workOfDomain(config, open, openSpill, 'open-forward', 'open-backward') : []),
    ...(needs.statistics.length > 0 ? domainWork : []),
  ];
  const meter = new ProgressMeter(work, onProgress, signal);
  if (needs.general) {
    const spill = forwardPolicy(config, tokensOf(seenByGeneral));
    await scoreGeneral(run, await stream(seenByGeneral, spill, meter), settings, needs);
  }
  if (needs.mixed) await scoreOpen(run, await stream(open, openSpill, meter), needs, openSpill);
  if (needs.statistics.length > 0)
    await scoreDomain(run, await stream(domain, domainSpill, meter), needs, domainSpill);
  const timings = meter.timings();
  if (
    settings.method === 'd-pruner' &&
    settings.criterion === 'paper' &&
    !(await scoreFinal(run, checkpoint, settings))
  ) {
    const again = new ProgressMeter(domainWork, onProgress, signal);
    await scoreFinalBySample(run, await stream(domain, domainSpill, again), settings, domainSpill);
    timings.push(...again.timings());
  }
  if (options.dumpImportanceDir) await dumpImportance(run, checkpoint, settings, options.dumpImportanceDir);
  await run.save({ finished: true });
  if (!options.keepExact) await removeExact(run);
  return timings;
}

export async function removeExact({ store }: RunFolder): Promise<void> {
  for (const part of ['generalExact', 'openExact', 'domainExact', 'finalExact'] as const)
    await store.remove(part);
}

function workOfGeneral(config: ModelConfig, packs: readonly Pack[]): StageWork {
  const { general } = layerFlops(config);
  return {
    stage: 'general',
    layers: config.numHiddenLayers,
    tokens: tokensOf(packs),
    flopsPerToken: general,
  };
}

function workOfDomain(
  config: ModelConfig,
  packs: readonly Pack[],
  { keepEvery }: SpillPolicy,
  forwardStage: Stage,
  backwardStage: Stage,
): StageWork[] {
  const { forward, backward } = layerFlops(config);
  const layers = config.numHiddenLayers;
  const tokens = tokensOf(packs);
  const head = headFlops(config, true) / layers;
  const again = (forward * layersComputedAgain(layers, keepEvery)) / layers;
  return [
    { stage: forwardStage, layers, tokens, flopsPerToken: forward + head },
    { stage: backwardStage, layers, tokens, flopsPerToken: backward + again },
  ];
}

const tokensOf = (packs: readonly Pack[]): number =>
  packs.reduce((total, pack) => total + pack.inputIds.length, 0);
