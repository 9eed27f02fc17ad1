import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type Linear, linearShape, linearWeight } from '../checkpoint/weight-names.ts';
import { type DomainLayer, domainPass } from '../importance/domain-pass.ts';
import { type GeneralLayer, generalPass } from '../importance/general-pass.ts';
import type { Statistic } from '../importance/gradient-statistics.ts';
import { HISTOGRAM_BINS, jointHistogram } from '../importance/joint-histogram.ts';
import type { LayerShard, ShardTensor } from '../importance/layer-shard.ts';
import { encodeLogs, type LogCodes } from '../importance/log-code.ts';
import { logDomainImportance, logImportance } from '../importance/log-importance.ts';
import { codesFromShard, codesToShard } from '../importance/score-store.ts';
import type { DecoderLayerWeights } from '../model/decoder-layer.ts';
import { GROUP_LINEARS, groupRows, INPUT_GROUPS, type InputGroup } from '../model/input-groups.ts';
import type { TokenStream } from '../streaming/token-stream.ts';
import { slice, type Tensor2D } from '../tensor/ops.ts';
import type { Needs } from './needs.ts';
import type { RunFolder } from './run-folder.ts';

type Matrices = Map<string, { shape: readonly number[]; codes: LogCodes }>;

/** Runs the general pass for the layers that have no shard yet, and stores each layer as it is finished. */
export async function scoreGeneral(
  run: RunFolder,
  stream: TokenStream,
  { damping }: PruneSettings,
  needs: Needs,
) {
  const isFinished = (layer: number) => run.store.has('general', layer);
  for await (const finished of generalPass(stream, damping, isFinished)) {
    await storeGeneral(run, stream.checkpoint, finished, needs);
    if (finished.notes.length > 0) await run.save({ notes: [...run.record.notes, ...finished.notes] });
  }
}

async function storeGeneral(
  run: RunFolder,
  { config }: Checkpoint,
  { layer, importance, outlierRatio }: GeneralLayer,
  needs: Needs,
) {
  const matrices: Matrices = new Map();
  const exact = new Map<string, ShardTensor>();
  for (const [linear, values] of importance) {
    const shape = linearShape(config, linear);
    matrices.set(linearWeight(layer, linear), { shape, codes: encodeLogs(logImportance(values)) });
    exact.set(linearWeight(layer, linear), { shape, values });
  }
  if (needs.exact) await run.store.write('generalExact', layer, { tensors: exact, metadata: {} });
  await run.store.write('general', layer, codesToShard(matrices, new Map(), { outlierRatio }));
}

/** Runs the domain pass for the layers that have no shard yet, and stores each layer as it is finished. */
export async function scoreDomain(run: RunFolder, stream: TokenStream, needs: Needs) {
  const layers = domainPass(stream, {
    statistics: needs.statistics,
    isFinished: (layer) => run.store.has('domain', layer),
    onLoss: (loss) => {
      run.record = { ...run.record, loss };
    },
  });
  for await (const finished of layers) {
    await run.save(); // the loss: a resumed run may have no layer left that computes it again
    await storeDomain(run, stream.checkpoint, finished, needs);
  }
}

async function storeDomain(
  run: RunFolder,
  { config }: Checkpoint,
  { layer, statistics, weights, outlierRatio }: DomainLayer,
  needs: Needs,
) {
  const general = run.store.has('general', layer) ? await run.store.read('general', layer) : null;
  const matrices: Matrices = new Map();
  const exact = new Map<string, ShardTensor>();
  const histograms = new Map<string, ShardTensor>();
  for (const [linear, means] of statistics) {
    const name = linearWeight(layer, linear);
    const shape = linearShape(config, linear);
    const weight = weightOf(config, weights, linear);
    const codes = encodeLogs(logDomainImportance(means.fisher as Float32Array, weight));
    weight.dispose();
    matrices.set(name, { shape, codes });
    if (general) histograms.set(histogramName(name), histogramOf(general, name, codes));
    for (const [statistic, values] of Object.entries(means))
      exact.set(exactName(name, statistic as Statistic), { shape, values });
  }
  if (needs.exact) await run.store.write('domainExact', layer, { tensors: exact, metadata: {} });
  await run.store.write('domain', layer, codesToShard(matrices, histograms, { outlierRatio }));
}

/** A linear layer's weight on the device: its rows of the group's; the caller disposes of it. */
function weightOf(config: Checkpoint['config'], weights: DecoderLayerWeights, linear: Linear): Tensor2D {
  const group = INPUT_GROUPS.find((each) => GROUP_LINEARS[each].includes(linear)) as InputGroup;
  const { begin, end } = groupRows(config, group).find((rows) => rows.linear === linear) as {
    begin: number;
    end: number;
  };
  const { weight } = weights[group];
  return slice(weight, [begin, 0], [end - begin, weight.shape[1]]);
}

const histogramOf = (general: LayerShard, name: string, domain: LogCodes): ShardTensor => ({
  shape: [HISTOGRAM_BINS, HISTOGRAM_BINS],
  values: jointHistogram(codesFromShard(general, name), domain),
});

export const histogramName = (weightName: string): string => `${weightName}.histogram`;
export const exactName = (weightName: string, statistic: Statistic): string => `${weightName}.${statistic}`;
