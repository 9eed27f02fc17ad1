import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import type { MaskSimilarity } from '../../contract/importance.ts';
import { pruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../../engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import { linearShape, linearsOf } from '../../engine/checkpoint/weight-names.ts';
import { overlapMasks } from '../../engine/experiments/mask-overlap.ts';
import { ScoreStore } from '../../engine/importance/score-store.ts';
import { type MaskOf, masksByMagnitude, masksFromStore } from '../../engine/run/mask-source.ts';
import { openBackend } from '../../engine/tensor/backend.ts';

/** A finished run, as far as its masks go. */
export const maskedRun = z.strictObject({
  runId: z.int(),
  name: z.string(),
  modelDir: z.string(),
  engineRun: z.string(),
  settings: pruneSettings,
});
export type MaskedRun = z.infer<typeof maskedRun>;

/** Which weights the masks of runs keep in common, matrix by matrix. @throws UserError MODELS_DIFFER */
export async function compareMasks(runs: readonly MaskedRun[]): Promise<MaskSimilarity> {
  const checkpoints: Checkpoint[] = [];
  try {
    for (const { modelDir } of runs) checkpoints.push(await openCheckpoint(modelDir));
    assertSameShapes(runs, checkpoints);
    await openBackend(null);
    const masks = runs.map((run, index) => masksOf(run, checkpoints[index]));
    const pairs = await overlapMasks(checkpoints[0].config, masks);
    return {
      runs: runs.map(({ runId, name, settings }) => ({ runId, name, sparsity: settings.sparsity })),
      pairs: pairs.map(({ first, second, overall, matrices }) => ({
        a: runs[first].runId,
        b: runs[second].runId,
        ...{ overall, matrices: [...matrices] },
      })),
    };
  } finally {
    await Promise.all(checkpoints.map((checkpoint) => checkpoint.close()));
  }
}

const masksOf = ({ settings, engineRun }: MaskedRun, checkpoint: Checkpoint): MaskOf =>
  settings.method === 'magnitude'
    ? masksByMagnitude(checkpoint, settings)
    : masksFromStore(checkpoint, new ScoreStore(join(engineRun, 'scores')), settings);

function assertSameShapes(runs: readonly MaskedRun[], checkpoints: readonly Checkpoint[]): void {
  const shapes = checkpoints.map(({ config }) =>
    [
      config.numHiddenLayers,
      ...linearsOf(config).flatMap((module) => [module, ...linearShape(config, module)]),
    ].join(),
  );
  const other = shapes.findIndex((shape) => shape !== shapes[0]);
  if (other === -1) return;
  throw new UserError(
    'MODELS_DIFFER',
    `The models of “${runs[0]?.name}” and “${runs[other]?.name}” have different shapes, so their masks cannot be compared.`,
    'Choose runs over the same model.',
  );
}
