import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { LINEARS, type Linear, linearShape, linearWeight } from '../checkpoint/weight-names.ts';
import type { LayerShard } from '../importance/layer-shard.ts';
import { decodeLogs, dualLogImportance } from '../importance/log-code.ts';
import { codesFromShard, type ScoreStore, type StorePart } from '../importance/score-store.ts';
import { defaultBlockColumns, type Mask, maskLowest } from '../pruning/mask.ts';

/** What decides a mask, given the scores. */
export interface MaskSettings {
  readonly sparsity: number;
  readonly blocking: 'none' | 'iterative';
  readonly blockSize: number | null;
  readonly criterion: 'dual' | 'paper' | 'general' | 'domain';
  readonly mu: number;
}

/** Gives the mask of a weight by its name; null for a weight that is never pruned. */
export type MaskOf = (weightName: string) => Promise<Mask | null>;

/** Where a weight stands in the model, by its name; only prunable weights are listed. */
export function prunableWeights({ config }: Checkpoint): Map<string, { layer: number; linear: Linear }> {
  const places = new Map<string, { layer: number; linear: Linear }>();
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    for (const linear of LINEARS) places.set(linearWeight(layer, linear), { layer, linear });
  }
  return places;
}

/** Masks from the score store. They are a pure function of the store and the settings. */
export function masksFromStore(checkpoint: Checkpoint, store: ScoreStore, settings: MaskSettings): MaskOf {
  const shards = new Map<string, Promise<LayerShard>>();
  const read = (part: StorePart, layer: number): Promise<LayerShard> => {
    const key = `${part}/${layer}`;
    const known = shards.get(key);
    if (known) return known;
    if (shards.size >= 2) shards.clear(); // weights come layer by layer: the last layer's parts are enough
    const shard = store.read(part, layer);
    shards.set(key, shard);
    return shard;
  };
  return masksBy(checkpoint, settings, async (name, layer) => {
    const codes = async (part: StorePart) => codesFromShard(await read(part, layer), name);
    switch (settings.criterion) {
      case 'dual':
        return dualLogImportance(await codes('general'), await codes('domain'), settings.mu);
      case 'paper':
        return decodeLogs(await codes('final'));
      default:
        return decodeLogs(await codes(settings.criterion));
    }
  });
}

/** Masks by magnitude: S = |W|. */
export function masksByMagnitude(checkpoint: Checkpoint, settings: MaskSettings): MaskOf {
  return masksBy(checkpoint, settings, async (name) => (await checkpoint.readFloat32(name)).map(Math.abs));
}

/** An export asks for each mask up to three times: to write it, to verify it and to compare logits. */
const REMEMBERED_BYTES = 256 * 2 ** 20;

function masksBy(
  checkpoint: Checkpoint,
  { sparsity, blocking, blockSize }: MaskSettings,
  keysOf: (weightName: string, layer: number) => Promise<Float32Array>,
): MaskOf {
  const places = prunableWeights(checkpoint);
  const remembered = new Map<string, Mask>();
  let rememberedBytes = 0;
  return async (name) => {
    const place = places.get(name);
    if (!place) return null;
    const known = remembered.get(name);
    if (known) return known;
    const [rows, columns] = linearShape(checkpoint.config, place.linear);
    const blockColumns = blocking === 'iterative' ? (blockSize ?? defaultBlockColumns(columns)) : null;
    const mask = maskLowest(await keysOf(name, place.layer), rows, columns, { sparsity, blockColumns });
    if (rememberedBytes + mask.bits.length <= REMEMBERED_BYTES) {
      remembered.set(name, mask);
      rememberedBytes += mask.bits.length;
    }
    return mask;
  };
}

/** The parts of the store that a criterion's masks are made from. */
export function partsOf(criterion: MaskSettings['criterion']): StorePart[] {
  switch (criterion) {
    case 'dual':
      return ['general', 'domain'];
    case 'paper':
      return ['final'];
    default:
      return [criterion];
  }
}
