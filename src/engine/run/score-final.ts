import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type Linear, linearShape, linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import { domainPass } from '../importance/domain-pass.ts';
import { encodeLogs } from '../importance/encode-logs.ts';
import {
  type FinalImportance,
  type FinalImportanceInput,
  meanGradientImportance,
  perSampleImportance,
  printedStrength,
  refinedWeight,
} from '../importance/final-importance.ts';
import { type MeanStatistics, STATISTICS } from '../importance/gradient-statistics.ts';
import type { LayerShard, ShardTensor } from '../importance/layer-shard.ts';
import type { LogCodes } from '../importance/log-code.ts';
import { logImportance } from '../importance/log-importance.ts';
import { codesToShard } from '../importance/score-store.ts';
import { streamedMedian } from '../importance/streamed-median.ts';
import { groupLinears, groupShape, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import type { SpillPolicy } from '../streaming/spill-policy.ts';
import type { TokenStream } from '../streaming/token-stream.ts';
import { concat, type Tensor2D, tensor2d, tidy } from '../tensor/ops.ts';
import type { RunFolder } from './run-folder.ts';
import { exactName } from './score-layers.ts';

/**
 * The paper's final importance S (Eq. 7) of every layer, once all layers' G and H_F are known: the regulariser's
 * strength is either the printed 2λα², or such that strength · median(G · H_F) over all prunable weights is ρ.
 * @returns whether all layers have their S; if not, `scoreFinalBySample` must compute the others
 */
export async function scoreFinal(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
): Promise<boolean> {
  if (settings.regularizer && !run.record.regularizer) {
    await run.save({ regularizer: await regularizerOf(run, checkpoint, settings) });
  }
  let complete = true;
  for (let layer = 0; layer < checkpoint.config.numHiddenLayers; layer++) {
    if (run.store.has('final', layer)) continue;
    const matrices = await closedFormLayer(run, checkpoint, settings, layer);
    if ([...matrices.values()].every(({ inexact }) => inexact === 0)) {
      await storeFinal(
        run,
        checkpoint,
        layer,
        new Map([...matrices].map(([linear, { values }]) => [linear, values])),
      );
    } else complete = false;
  }
  return complete;
}

/**
 * S of the layers in which a single weight may change a sample's loss by more than 2 nats, where the closed form over
 * the samples does not hold: a second domain pass that evaluates Eq. 7 for each sample's gradient.
 */
export async function scoreFinalBySample(
  run: RunFolder,
  stream: TokenStream,
  settings: PruneSettings,
  { keepEvery }: SpillPolicy,
): Promise<void> {
  const { checkpoint } = stream;
  const layers = domainPass(stream, {
    text: 'domain',
    statistics: ['finalImportance'],
    keepEvery,
    isFinished: (layer) => run.store.has('final', layer),
    refinedWeights: (layer) => refinedWeights(run, checkpoint, settings, layer),
    onLoss: () => {},
  });
  for await (const { layer, statistics } of layers) {
    const values = new Map<Linear, Float32Array<ArrayBuffer>>();
    for (const [linear, { finalImportance }] of statistics) {
      values.set(linear, finalImportance as Float32Array<ArrayBuffer>);
    }
    await storeFinal(run, checkpoint, layer, values);
  }
}

async function storeFinal(
  run: RunFolder,
  { config }: Checkpoint,
  layer: number,
  importance: ReadonlyMap<Linear, Float32Array<ArrayBuffer>>,
): Promise<void> {
  const exact = new Map<string, ShardTensor>();
  const codes = new Map<string, { shape: readonly number[]; codes: LogCodes }>();
  for (const [linear, values] of importance) {
    const shape = linearShape(config, linear);
    const name = linearWeight(config, layer, linear);
    exact.set(name, { shape, values });
    codes.set(name, { shape, codes: encodeLogs(logImportance(values)) });
  }
  await run.store.write('finalExact', layer, { tensors: exact, metadata: {} });
  await run.store.write('final', layer, codesToShard(codes));
}

async function closedFormLayer(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
  layer: number,
): Promise<Map<Linear, FinalImportance>> {
  const matrices = new Map<Linear, FinalImportance>();
  for await (const { linear, input } of finalInputs(
    run,
    checkpoint,
    settings,
    layer,
    linearsOf(checkpoint.config),
  )) {
    const final =
      settings.aggregation === 'per-sample'
        ? perSampleImportance(input, run.record.domainTokens?.samples ?? 0)
        : meanGradientImportance(input);
    matrices.set(linear, final);
  }
  return matrices;
}

/** rW of each group of linear layers, on the device. */
async function refinedWeights(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
  layer: number,
) {
  const groups = {} as Record<InputGroup, Tensor2D>;
  for (const group of INPUT_GROUPS) {
    const parts: Float32Array[] = [];
    for await (const { input } of finalInputs(
      run,
      checkpoint,
      settings,
      layer,
      groupLinears(checkpoint.config, group),
    )) {
      parts.push(refinedWeight(input));
    }
    const [, columns] = groupShape(checkpoint.config, group);
    groups[group] = tidy(
      () =>
        concat(
          parts.map((part) => tensor2d(part, [part.length / columns, columns])),
          0,
        ) as Tensor2D,
    );
  }
  return groups;
}

/** What S of each matrix is computed from, read from the store and the checkpoint. */
async function* finalInputs(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
  layer: number,
  linears: readonly Linear[],
): AsyncGenerator<{ linear: Linear; input: FinalImportanceInput }> {
  const general = settings.regularizer ? await run.store.read('generalExact', layer) : null;
  const domain = await run.store.read('domainExact', layer);
  const strength = run.record.regularizer?.strength ?? 0;
  for (const linear of linears) {
    const name = linearWeight(checkpoint.config, layer, linear);
    const weight = await checkpoint.readFloat32(name);
    const input = {
      weight,
      general: general && floatsOf(general, name),
      statistics: statisticsOf(domain, name),
      strength,
    };
    yield { linear, input };
  }
}

async function regularizerOf(run: RunFolder, checkpoint: Checkpoint, { rho, lambda, alpha }: PruneSettings) {
  const median = await streamedMedian(() => products(run, checkpoint));
  const strength = rho === null ? printedStrength(lambda, alpha) : median > 0 ? rho / median : 0;
  return { strength, median, rho: strength * median };
}

/** G · H_F of every matrix. */
async function* products(run: RunFolder, { config }: Checkpoint): AsyncGenerator<Float32Array> {
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const general = await run.store.read('generalExact', layer);
    const domain = await run.store.read('domainExact', layer);
    for (const linear of linearsOf(config)) {
      const name = linearWeight(config, layer, linear);
      const fisher = floatsOf(domain, exactName(name, 'fisher'));
      yield floatsOf(general, name).map((g, m) => g * fisher[m]);
    }
  }
}

export function statisticsOf({ tensors }: LayerShard, name: string): MeanStatistics {
  const found: MeanStatistics = {};
  for (const statistic of STATISTICS) {
    const values = tensors.get(exactName(name, statistic))?.values;
    if (values instanceof Float32Array) found[statistic] = values;
  }
  return found;
}

export function floatsOf({ tensors }: LayerShard, name: string): Float32Array<ArrayBuffer> {
  const values = tensors.get(name)?.values;
  if (!(values instanceof Float32Array)) throw new Error(`the score store has no float32 values of ${name}`);
  return values;
}
