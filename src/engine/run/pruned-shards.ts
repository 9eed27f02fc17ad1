import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type Linear, linearShape, linearsOf, linearWeight } from '../checkpoint/weight-names.ts';
import type { LayerShard, ShardTensor } from '../importance/layer-shard.ts';
import type { ScoreStore, StorePart } from '../importance/score-store.ts';
import type { PrunedMatrix } from '../pruning/methods/pruning-method.ts';
import type { PrunedMatrices } from '../pruning/prune-layers.ts';
import { prunableWeights } from './mask-source.ts';
import type { PrunedWeights } from './pruned-weights.ts';

const maskName = (weightName: string): string => `${weightName}.mask`;

/** `pruned`: layers as they will be; `chosen`: masks alone, for which weights are updated afterwards. */
export type PrunedPart = Extract<StorePart, 'pruned' | 'chosen'>;

/** Keeps a pruned layer: each matrix's mask, a bit a weight, and its weights where they were updated. */
export async function storePruned(
  store: ScoreStore,
  part: PrunedPart,
  { config }: Checkpoint,
  layer: number,
  matrices: PrunedMatrices,
): Promise<void> {
  const tensors = new Map<string, ShardTensor>();
  for (const [linear, { mask, values }] of matrices) {
    const name = linearWeight(config, layer, linear);
    tensors.set(maskName(name), { shape: [mask.bits.length], values: mask.bits });
    if (values) tensors.set(name, { shape: linearShape(config, linear), values });
  }
  await store.write(part, layer, { tensors, metadata: {} });
}

/** A layer as an earlier run pruned it; null if none did. */
export async function readPruned(
  store: ScoreStore,
  part: PrunedPart,
  checkpoint: Checkpoint,
  layer: number,
): Promise<PrunedMatrices | null> {
  if (!store.has(part, layer)) return null;
  const shard = await store.read(part, layer);
  return new Map(
    linearsOf(checkpoint.config).map((linear) => [linear, matrixOf(checkpoint, shard, layer, linear)]),
  );
}

function matrixOf(
  { config }: Checkpoint,
  { tensors }: LayerShard,
  layer: number,
  linear: Linear,
): PrunedMatrix {
  const name = linearWeight(config, layer, linear);
  const bits = tensors.get(maskName(name))?.values;
  const values = tensors.get(name)?.values;
  if (!(bits instanceof Uint8Array)) throw new Error(`the run has no mask of ${name}`);
  const [rows, columns] = linearShape(config, linear);
  return { mask: { rows, columns, bits }, values: values instanceof Float32Array ? values : null };
}

async function readMatrix(
  store: ScoreStore,
  part: PrunedPart,
  checkpoint: Checkpoint,
  { layer, linear }: { layer: number; linear: Linear },
): Promise<PrunedMatrix> {
  const name = linearWeight(checkpoint.config, layer, linear);
  const shard = await store.read(part, layer, [name, maskName(name)]);
  return matrixOf(checkpoint, shard, layer, linear);
}

/** All layers of a run that was pruned layer by layer. */
export function prunedFromStore(
  checkpoint: Checkpoint,
  store: ScoreStore,
  part: PrunedPart = 'pruned',
): Required<PrunedWeights> {
  const places = prunableWeights(checkpoint);
  let last: { name: string; matrix: Promise<PrunedMatrix> } | null = null;
  const find = async (name: string): Promise<PrunedMatrix | null> => {
    const place = places.get(name);
    if (!place) return null;
    // A weight's mask and values are asked for one after the other.
    if (last?.name !== name) last = { name, matrix: readMatrix(store, part, checkpoint, place) };
    return last.matrix;
  };
  return {
    maskOf: async (name) => (await find(name))?.mask ?? null,
    weightOf: async (name) => (await find(name))?.values ?? null,
  };
}
