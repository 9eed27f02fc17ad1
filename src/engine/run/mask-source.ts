import { choosesJointly, type PruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type Linear, linearShape, linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import type { ScoreStore } from '../importance/score-store.ts';
import { groupingOf } from '../pruning/grouping.ts';
import type { Mask } from '../pruning/mask.ts';
import { dPruner } from '../pruning/methods/d-pruner.ts';
import { magnitude } from '../pruning/methods/magnitude.ts';
import type { RankingMethod } from '../pruning/methods/pruning-method.ts';
import { allocateSparsity, storedOutlierRatios } from './layer-allocation.ts';
import type { PrunedWeights } from './pruned-weights.ts';

/** What decides a mask, given the scores. */
export type MaskSettings = Pick<
  PruneSettings,
  | 'sparsity'
  | 'blocking'
  | 'blockSize'
  | 'group'
  | 'selection'
  | 'pattern'
  | 'allocation'
  | 'criterion'
  | 'mu'
>;

/** Gives the mask of a weight by its name; null for a weight that is never pruned. */
export type MaskOf = PrunedWeights['maskOf'];

/** Where a weight stands in the model, by its name; only prunable weights are listed. */
export function prunableWeights({ config }: Checkpoint): Map<string, { layer: number; linear: Linear }> {
  const places = new Map<string, { layer: number; linear: Linear }>();
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    for (const linear of linearsOf(config))
      places.set(linearWeight(config, layer, linear), { layer, linear });
  }
  return places;
}

/** Masks from the score store. They are a pure function of the store and the settings. */
export function masksFromStore(checkpoint: Checkpoint, store: ScoreStore, settings: MaskSettings): MaskOf {
  const { criterion } = settings;
  const ratios = () => storedOutlierRatios(store, criterion, checkpoint.config.numHiddenLayers);
  return masksBy(checkpoint, 'd-pruner', dPruner(store, settings), settings, ratios);
}

/** @param outlierRatios of each layer, for OWL's allocation */
export function masksByMagnitude(
  checkpoint: Checkpoint,
  settings: MaskSettings,
  outlierRatios: readonly number[] = [],
): MaskOf {
  return masksBy(checkpoint, 'magnitude', magnitude, settings, async () => outlierRatios);
}

/**
 * An export asks for each mask up to three times: to write it, to verify it and to compare logits. So many bytes of masks are
 * remembered; more of those that take longer to find again.
 */
export const rememberedMaskBytes = (isJoint: boolean): number => (isJoint ? 2 ** 30 : 2 ** 28);

function masksBy(
  checkpoint: Checkpoint,
  method: PruneSettings['method'],
  { maskOf }: RankingMethod,
  settings: MaskSettings,
  outlierRatios: () => Promise<readonly number[]>,
): MaskOf {
  const { config } = checkpoint;
  const places = prunableWeights(checkpoint);
  const most = rememberedMaskBytes(choosesJointly({ ...settings, method }));
  const remembered = new Map<string, Mask>();
  let rememberedBytes = 0;
  let sparsities: Promise<readonly number[]> | null = null;
  return async (name) => {
    const place = places.get(name);
    if (!place) return null;
    const known = remembered.get(name);
    if (known) return known;
    const { layer, linear } = place;
    sparsities ??= allocateSparsity(config, { ...settings, method }, outlierRatios);
    const [rows, columns] = linearShape(config, linear);
    const grouping = groupingOf(method, settings, columns, (await sparsities)[layer]);
    const readWeight = () => checkpoint.readFloat32(name);
    const matrix = { name, layer, linear, rows, columns, readWeight, squares: null };
    const mask = await maskOf(matrix, grouping);
    if (rememberedBytes + mask.bits.length <= most) {
      remembered.set(name, mask);
      rememberedBytes += mask.bits.length;
    }
    return mask;
  };
}
