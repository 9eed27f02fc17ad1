import type { PruneSettings } from '../../../src/contract/settings.ts';
import type { Checkpoint } from '../../../src/engine/checkpoint/checkpoint.ts';
import { linearWeight } from '../../../src/engine/checkpoint/weight-names.ts';
import { packSamples } from '../../../src/engine/model/segments.ts';
import { type Grouping, maskWithout } from '../../../src/engine/pruning/mask.ts';
import { compensated } from '../../../src/engine/pruning/methods/compensated.ts';
import { fixedMasks } from '../../../src/engine/pruning/methods/fixed-masks.ts';
import type { PrunedMatrix, PruningMethod } from '../../../src/engine/pruning/methods/pruning-method.ts';
import { pruneLayers } from '../../../src/engine/pruning/prune-layers.ts';
import { ActivationStore } from '../../../src/engine/streaming/activation-store.ts';
import { ProgressMeter } from '../../../src/engine/streaming/progress-meter.ts';
import { openTokenStream } from '../../../src/engine/streaming/token-stream.ts';

export interface ByMethod {
  readonly checkpoint: Checkpoint;
  readonly sequences: readonly Int32Array[];
  readonly method: PruningMethod;
  readonly grouping?: Grouping;
  readonly scratchDir: string;
}

/** Takes a method of one's own through all layers; what it makes of each matrix, by weight name. */
export async function pruneByMethod({
  checkpoint,
  sequences,
  method,
  grouping = { sparsity: 0.5, blockColumns: null },
  scratchDir,
}: ByMethod): Promise<Map<string, PrunedMatrix>> {
  const store = new ActivationStore(scratchDir, { memoryBytes: 2 ** 30, format: 'float32' });
  const meter = new ProgressMeter([], () => {});
  const stream = await openTokenStream(checkpoint, packSamples(sequences, 2048), store, meter);
  const pruned = pruneLayers(stream, {
    method,
    groupingOf: () => grouping,
    finished: async () => null,
  });
  const found = new Map<string, PrunedMatrix>();
  for await (const { layer, matrices } of pruned) {
    for (const [linear, matrix] of matrices)
      found.set(linearWeight(checkpoint.config, layer, linear), matrix);
  }
  return found;
}

/** Compensation for masks from elsewhere. @param prunedOf 1 for each weight of a name that goes */
export const compensationFor = (
  { tensors }: Checkpoint,
  prunedOf: (weight: string) => Uint8Array,
  update: PruneSettings['update'],
): PruningMethod =>
  compensated(
    fixedMasks(async (weight) => {
      const [rows, columns] = tensors.get(weight)?.shape ?? [0, 0];
      return maskWithout(prunedOf(weight), rows, columns);
    }),
    { damping: 0.01, update },
  );
