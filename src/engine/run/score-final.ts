import type { PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { LINEARS, linearShape, linearWeight } from '../checkpoint/weight-names.ts';
import {
  type FinalImportance,
  meanGradientImportance,
  perSampleImportance,
  printedStrength,
} from '../importance/final-importance.ts';
import { type MeanStatistics, STATISTICS } from '../importance/gradient-statistics.ts';
import type { LayerShard } from '../importance/layer-shard.ts';
import { encodeImportance } from '../importance/log-code.ts';
import { codesToShard } from '../importance/score-store.ts';
import { streamedMedian } from '../importance/streamed-median.ts';
import type { RunFolder } from './run-folder.ts';
import { exactName } from './score-layers.ts';

/**
 * The paper's final importance S (Eq. 7) of every layer, once all layers' G and H_F are known: the regulariser's
 * strength is either the printed 2λα², or such that strength · median(G · H_F) over all prunable weights is ρ.
 */
export async function scoreFinal(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
): Promise<void> {
  const layers = [...Array(checkpoint.config.numHiddenLayers).keys()];
  const regularizer = settings.regularizer ? await regularizerOf(run, checkpoint, settings) : null;
  let inexact = 0;
  for (const layer of layers) {
    const matrices = await finalLayer(run, checkpoint, settings, layer, regularizer?.strength ?? 0);
    for (const matrix of matrices.values()) inexact += matrix.inexact;
    await run.store.write(
      'final',
      layer,
      codesToShard(
        new Map(
          [...matrices].map(([name, { shape, values }]) => [
            name,
            { shape, codes: encodeImportance(values) },
          ]),
        ),
      ),
    );
  }
  if (regularizer) await run.save({ regularizer: { ...regularizer, inexact } });
}

/** S of each matrix of a layer, by weight name. */
export async function finalLayer(
  run: RunFolder,
  checkpoint: Checkpoint,
  settings: PruneSettings,
  layer: number,
  strength: number,
): Promise<Map<string, FinalImportance & { shape: readonly number[] }>> {
  const general = settings.regularizer ? await run.store.read('generalExact', layer) : null;
  const domain = await run.store.read('domainExact', layer);
  const matrices = new Map<string, FinalImportance & { shape: readonly number[] }>();
  for (const linear of LINEARS) {
    const name = linearWeight(layer, linear);
    const input = {
      weight: await checkpoint.readFloat32(name),
      general: general && floatsOf(general, name),
      statistics: statisticsOf(domain, name),
      strength,
    };
    const final =
      settings.aggregation === 'per-sample'
        ? perSampleImportance(input, run.record.domainTokens?.samples ?? 0)
        : meanGradientImportance(input);
    matrices.set(name, { ...final, shape: linearShape(checkpoint.config, linear) });
  }
  return matrices;
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
    for (const linear of LINEARS) {
      const name = linearWeight(layer, linear);
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
