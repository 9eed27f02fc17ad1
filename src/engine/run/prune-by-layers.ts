import type { OnProgress } from '../../contract/progress.ts';
import { type PruneSettings, selectionOf, updateOf } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { outlierPass } from '../importance/outlier-pass.ts';
import { packSamples } from '../model/segments.ts';
import { groupingOf } from '../pruning/grouping.ts';
import { compensated } from '../pruning/methods/compensated.ts';
import { dPruner } from '../pruning/methods/d-pruner.ts';
import { fixedMasks } from '../pruning/methods/fixed-masks.ts';
import { magnitude } from '../pruning/methods/magnitude.ts';
import type { PruningMethod } from '../pruning/methods/pruning-method.ts';
import { sparsegpt } from '../pruning/methods/sparsegpt.ts';
import { wanda } from '../pruning/methods/wanda.ts';
import { pruneLayers } from '../pruning/prune-layers.ts';
import { ActivationStore } from '../streaming/activation-store.ts';
import { planOf } from '../streaming/plan.ts';
import { ProgressMeter, type StageTiming, type StageWork } from '../streaming/progress-meter.ts';
import { forwardPolicy } from '../streaming/spill-policy.ts';
import { layerFlops } from '../streaming/stage-work.ts';
import { openTokenStream } from '../streaming/token-stream.ts';
import { hashTokens } from './fingerprint.ts';
import { allocateSparsity, storedOutlierRatios } from './layer-allocation.ts';
import { type PrunedPart, prunedFromStore, readPruned, storePruned } from './pruned-shards.ts';
import type { RunFolder } from './run-folder.ts';

export interface LayerwiseOptions {
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Prunes the layers that the run has not pruned yet, one after the other, each a durable shard. Shards of other settings or
 * other texts are thrown away first. To compensate, the method's own masks come first where it goes layer by
 * layer itself, so that they are the same with and without compensation.
 * @param mix the texts, see `halfAndHalf`
 */
export async function pruneByLayers(
  run: RunFolder,
  checkpoint: Checkpoint,
  mix: readonly Int32Array[],
  settings: PruneSettings,
  options: LayerwiseOptions,
): Promise<StageTiming[]> {
  const prunedFrom = dependencies(settings, mix);
  if (run.record.prunedFrom !== prunedFrom) {
    await run.store.remove('pruned');
    await run.store.remove('chosen');
    await run.save({ prunedFrom, prunedNotes: [] });
  }
  const { method, compensate } = settings;
  const step = (part: PrunedPart, by: PruningMethod) =>
    pruneStep(run, checkpoint, mix, settings, part, by, options);
  if (method === 'sparsegpt') return step('pruned', sparsegpt(settings.damping)); // it is its own compensation
  if (method === 'd-pruner') return step('pruned', compensated(dPruner(run.store, settings), settings));
  if (method === 'magnitude') return step('pruned', compensated(magnitude, settings));
  if (!compensate) return step('pruned', wanda);
  const choosing = await step('chosen', wanda);
  const { maskOf } = prunedFromStore(checkpoint, run.store, 'chosen');
  return [...choosing, ...(await step('pruned', compensated(fixedMasks(maskOf), settings)))];
}

/** Takes a method through all layers, but for those that it has been through. */
async function pruneStep(
  run: RunFolder,
  checkpoint: Checkpoint,
  mix: readonly Int32Array[],
  settings: PruneSettings,
  part: PrunedPart,
  method: PruningMethod,
  { onProgress, signal }: LayerwiseOptions,
): Promise<StageTiming[]> {
  const { config } = checkpoint;
  const layers = [...Array(config.numHiddenLayers).keys()];
  if (layers.every((layer) => run.store.has(part, layer))) return [];
  const sparsities = await allocateSparsity(config, settings, () =>
    outlierRatiosOf(run, settings, layers.length),
  );
  const { forward, general } = layerFlops(config);
  const flopsPerToken = forward + (method.needs === 'moments' ? general : forward);
  const meter = new ProgressMeter([workOf('prune', checkpoint, mix, flopsPerToken)], onProgress, signal);
  const pruned = pruneLayers(await streamOf(run, checkpoint, mix, meter), {
    method,
    groupingOf: (layer, columns) => groupingOf(settings.method, settings, columns, sparsities[layer]),
    finished: (layer) => readPruned(run.store, part, checkpoint, layer),
  });
  for await (const { layer, matrices, notes } of pruned) {
    // The notes first: a layer whose shard is there is not taken up again.
    if (notes.length > 0)
      await run.save({ prunedNotes: [...new Set([...run.record.prunedNotes, ...notes])] });
    await storePruned(run.store, part, checkpoint, layer, matrices);
  }
  return meter.timings();
}

/** Counts the outliers of each layer of the dense model and keeps them with the run, unless it has them of these texts. */
export async function countOutliers(
  run: RunFolder,
  checkpoint: Checkpoint,
  mix: readonly Int32Array[],
  { onProgress, signal }: LayerwiseOptions,
): Promise<StageTiming[]> {
  const outliersOf = hashTokens(mix);
  if (run.record.outlierRatios && run.record.outliersOf === outliersOf) return [];
  const work = workOf('outliers', checkpoint, mix, layerFlops(checkpoint.config).forward);
  const meter = new ProgressMeter([work], onProgress, signal);
  const outlierRatios = await outlierPass(await streamOf(run, checkpoint, mix, meter));
  await run.save({ outlierRatios, outliersOf });
  return meter.timings();
}

async function outlierRatiosOf(run: RunFolder, { method, criterion }: PruneSettings, layers: number) {
  if (method === 'd-pruner') return storedOutlierRatios(run.store, criterion, layers);
  return run.record.outlierRatios ?? [];
}

/** Everything that the pruned layers depend on beside what the run itself is identified by. */
function dependencies(settings: PruneSettings, mix: readonly Int32Array[]): string {
  const { method, sparsity, blocking, blockSize, group, pattern, allocation, criterion, mu } = settings;
  const selection = selectionOf(settings);
  const masks = {
    method,
    sparsity,
    blocking,
    blockSize,
    group,
    selection,
    pattern,
    allocation,
    criterion,
    mu,
  };
  return JSON.stringify({ ...masks, update: updateOf(settings), mix: hashTokens(mix) });
}

function streamOf(run: RunFolder, checkpoint: Checkpoint, mix: readonly Int32Array[], meter: ProgressMeter) {
  const { packTokens, activationMemoryBytes: memoryBytes } = planOf(checkpoint.config);
  const { format } = forwardPolicy(checkpoint.config, tokensOf(mix));
  const store = new ActivationStore(run.scratchDir, { memoryBytes, format });
  return openTokenStream(checkpoint, packSamples(mix, packTokens), store, meter);
}

const tokensOf = (samples: readonly Int32Array[]): number =>
  samples.reduce((total, sample) => total + sample.length, 0);

function workOf(
  stage: StageWork['stage'],
  { config }: Checkpoint,
  mix: readonly Int32Array[],
  flopsPerToken: number,
): StageWork {
  return { stage, layers: config.numHiddenLayers, tokens: tokensOf(mix), flopsPerToken };
}
