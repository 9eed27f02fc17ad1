import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { type Linear, linearShape, linearWeight } from '../checkpoint/weight-names.ts';
import { type DomainLayer, type DomainPassOptions, domainPass } from '../importance/domain-pass.ts';
import { encodeLogs, logMeanOf } from '../importance/encode-logs.ts';
import { type GeneralLayer, generalPass } from '../importance/general-pass.ts';
import type { Statistic } from '../importance/gradient-statistics.ts';
import type { ShardTensor } from '../importance/layer-shard.ts';
import { logDomainImportance, logImportance } from '../importance/log-importance.ts';
import { CodedMatrix, codesToShard, correlationName } from '../importance/score-store.ts';
import type { DecoderLayerWeights } from '../model/decoder-layer.ts';
import { groupOf, groupRows } from '../model/input-groups.ts';
import type { Ascent, TokenStream } from '../streaming/token-stream.ts';
import { histogramOf, importanceEnds, type ScaledHistogram, withHistograms } from './importance-ends.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';

type Matrices = Map<string, CodedMatrix>;

/** Runs the general pass for the layers that have no shard yet, and stores each layer as it is finished. */
export async function scoreGeneral(
  run: RunFolder,
  checkpoint: Checkpoint,
  texts: readonly Ascent[],
  { damping }: PruneSettings,
  needs: Needs,
) {
  const part = needs.mixed ? 'mixed' : 'general';
  const isFinished = (layer: number) => run.store.has(part, layer);
  for await (const finished of generalPass(texts, damping, isFinished)) {
    await storeGeneral(run, checkpoint, finished, part, needs);
    if (finished.notes.length > 0) await run.save({ notes: [...run.record.notes, ...finished.notes] });
  }
}

async function storeGeneral(
  run: RunFolder,
  { config }: Checkpoint,
  { layer, importance, correlations, outlierRatio }: GeneralLayer,
  part: 'general' | 'mixed',
  needs: Needs,
) {
  const matrices: Matrices = new Map();
  const exact = new Map<string, ShardTensor>();
  for (const [linear, values] of importance) {
    const shape = linearShape(config, linear);
    const name = linearWeight(config, layer, linear);
    matrices.set(name, { shape, codes: encodeLogs(logImportance(values)) });
    if (needs.exact) exact.set(name, { shape, values: values.slice() });
  }
  if (needs.exact) await run.store.write('generalExact', layer, { tensors: exact, metadata: {} });
  const inputs = new Map(
    [...correlations].map(([group, values]) => [correlationName(group), { shape: [values.length], values }]),
  );
  await run.store.write(part, layer, codesToShard(matrices, inputs, { outlierRatio }));
}

/** How far a text has come, and what it has left on its way. */
type WayBack = Pick<DomainPassOptions, 'keepEvery' | 'isForwarded'>;

/** Runs a domain pass over the open text, for its Fisher, and stores each layer as it is finished. */
export async function scoreOpen(run: RunFolder, stream: TokenStream, needs: Needs, way: WayBack) {
  const { config } = stream.checkpoint;
  const layers = domainPass(stream, {
    ...way,
    text: 'open',
    statistics: ['fisher'],
    isFinished: (layer) => run.store.has('open', layer),
    onLoss: () => {},
  });
  for await (const { layer, statistics, weights, outlierRatio } of layers) {
    const matrices: Matrices = new Map();
    const exact = new Map<string, ShardTensor>();
    for (const [linear, means] of statistics) {
      const name = linearWeight(config, layer, linear);
      const fisher = means.fisher as Float32Array<ArrayBuffer>;
      const coded = codedFisher(config, weights, linear, fisher, true);
      matrices.set(name, coded);
      if (needs.exact) exact.set(exactName(name, 'fisher'), { shape: coded.shape, values: fisher });
    }
    if (needs.exact) await run.store.write('openExact', layer, { tensors: exact, metadata: {} });
    await run.store.write('open', layer, codesToShard(matrices, new Map(), { outlierRatio }));
  }
}

/** Codes of log(F·W²) of a linear layer. */
function codedFisher(
  config: ModelConfig,
  weights: DecoderLayerWeights,
  linear: Linear,
  fisher: Float32Array,
  withMean: boolean,
): CodedMatrix {
  const { weight, firstRow } = placeOf(config, weights, linear);
  const logs = logDomainImportance(fisher, weight, firstRow);
  const mean = withMean ? logMeanOf(logs) : undefined;
  return new CodedMatrix(linearShape(config, linear), encodeLogs(logs), mean);
}

/** Runs the domain pass for the layers that have no shard yet, and stores each layer as it is finished. */
export async function scoreDomain(run: RunFolder, stream: TokenStream, needs: Needs, way: WayBack) {
  const layers = domainPass(stream, {
    ...way,
    text: 'domain',
    statistics: needs.statistics,
    isFinished: (layer) => run.store.has('domain', layer),
    // At once: a resumed run may have no layer left that computes it again.
    onLoss: (loss) => run.save({ loss }),
  });
  for await (const finished of layers) await storeDomain(run, stream.checkpoint, finished, needs);
}

async function storeDomain(
  run: RunFolder,
  { config }: Checkpoint,
  { layer, statistics, weights, outlierRatio }: DomainLayer,
  needs: Needs,
) {
  const endsOf = importanceEnds(run, layer, needs);
  const matrices: Matrices = new Map();
  const exact = new Map<string, ShardTensor>();
  const histograms = new Map<string, ScaledHistogram>();
  for (const [linear, means] of statistics) {
    const name = linearWeight(config, layer, linear);
    const coded = codedFisher(config, weights, linear, means.fisher as Float32Array, needs.mixed);
    matrices.set(name, coded);
    if (endsOf) histograms.set(name, histogramOf(await endsOf(name, coded)));
    for (const [statistic, values] of needs.exact ? Object.entries(means) : [])
      exact.set(exactName(name, statistic as Statistic), { shape: coded.shape, values });
  }
  if (needs.exact) await run.store.write('domainExact', layer, { tensors: exact, metadata: {} });
  const shard = codesToShard(matrices, new Map(), { outlierRatio });
  await run.store.write('domain', layer, withHistograms(shard, histograms));
}

/** Where a linear layer's weight lies on the device: in its group's, from a row on. */
function placeOf(config: ModelConfig, weights: DecoderLayerWeights, linear: Linear) {
  const group = groupOf(linear);
  const rows = groupRows(config, group).find((each) => each.linear === linear);
  if (!rows) throw new Error(`this model has no ${linear}`);
  return { weight: weights[group].weight, firstRow: rows.begin };
}

export const exactName = (weightName: string, statistic: Statistic): string => `${weightName}.${statistic}`;
