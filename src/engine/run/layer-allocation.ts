import { UserError } from '../../contract/error.ts';
import type { PruneSettings } from '../../contract/settings.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import { linearShape, linearsOf } from '../checkpoint/weight-names.ts';
import { outlierRatioIn, type ScoreStore } from '../importance/score-store.ts';
import { type GroupSettings, groupingOf } from '../pruning/grouping.ts';
import { owlSparsities, withoutRoundingLoss } from '../pruning/layer-sparsities.ts';
import { zerosWanted } from '../pruning/mask.ts';
import { partsOf } from '../pruning/methods/d-pruner.ts';

/**
 * The sparsity of each decoder layer. All layers have the same shapes, so the sparsities' mean is the model's; OWL's
 * leave as many zeros as uniform ones would, rounding included.
 * @param outlierRatios of each layer; asked for where the allocation is OWL's
 */
export async function allocateSparsity(
  config: ModelConfig,
  settings: GroupSettings & Pick<PruneSettings, 'method'>,
  outlierRatios: () => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const { method, sparsity, allocation } = settings;
  const layers = config.numHiddenLayers;
  if (allocation === 'uniform') return new Array(layers).fill(sparsity);
  const zerosAt = (share: number): number =>
    linearsOf(config).reduce((total, linear) => {
      const [rows, columns] = linearShape(config, linear);
      return total + zerosWanted(rows, columns, groupingOf(method, settings, columns, share));
    }, 0);
  const owl = owlSparsities(await outlierRatios(), sparsity);
  return withoutRoundingLoss(owl, layers * zerosAt(sparsity), zerosAt);
}

/**
 * What D-Pruner's passes found on their way: the mean of the ratios over the texts that the criterion has seen.
 * @throws UserError OUTLIERS_MISSING
 */
export async function storedOutlierRatios(
  store: ScoreStore,
  criterion: PruneSettings['criterion'],
  layers: number,
): Promise<number[]> {
  const parts = criterion === 'paper' ? (['general', 'domain'] as const) : partsOf(criterion);
  const ratios: number[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const seen = parts.filter((part) => store.has(part, layer));
    const found = await Promise.all(
      seen.map(async (part) => outlierRatioIn(await store.readMetadata(part, layer))),
    );
    const known = found.filter((ratio) => ratio !== null);
    if (known.length === 0) throw outliersMissing();
    ratios.push(known.reduce((total, ratio) => total + ratio, 0) / known.length);
  }
  return ratios;
}

const outliersMissing = () =>
  new UserError(
    'OUTLIERS_MISSING',
    'The run was made by a version that did not count outliers, which --allocation owl needs.',
    'Choose --allocation uniform, or prune again.',
  );
