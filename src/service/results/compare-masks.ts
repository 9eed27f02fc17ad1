import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../contract/error.ts';
import type { MaskSimilarity } from '../../contract/importance.ts';
import { pruneSettings } from '../../contract/settings.ts';
import type { Checkpoint } from '../../engine/checkpoint/checkpoint.ts';
import { openCheckpoint } from '../../engine/checkpoint/open-checkpoint.ts';
import { linearShape, linearsOf, linearWeight } from '../../engine/checkpoint/weight-names.ts';
import { ScoreStore } from '../../engine/importance/score-store.ts';
import { type MaskOf, masksByMagnitude, masksFromStore } from '../../engine/run/mask-source.ts';

/** A finished run, as far as its masks go. */
export const maskedRun = z.strictObject({
  runId: z.int(),
  name: z.string(),
  modelDir: z.string(),
  engineRun: z.string(),
  settings: pruneSettings,
});
export type MaskedRun = z.infer<typeof maskedRun>;

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Which weights the masks of runs keep in common, matrix by matrix. @throws UserError MODELS_DIFFER */
export async function compareMasks(runs: readonly MaskedRun[]): Promise<MaskSimilarity> {
  const checkpoints: Checkpoint[] = [];
  try {
    for (const { modelDir } of runs) checkpoints.push(await openCheckpoint(modelDir));
    assertSameShapes(runs, checkpoints);
    const masks = runs.map((run, index) => masksOf(run, checkpoints[index]));
    const pairs = runs.flatMap((a, i) =>
      runs
        .slice(i + 1)
        .map((b, j) => ({ a: a.runId, b: b.runId, first: i, second: i + 1 + j, counts: emptyCounts() })),
    );
    const matrices = pairs.map((): MaskSimilarity['pairs'][number]['matrices'] => []);
    const [{ config }] = checkpoints;
    for (let layer = 0; layer < config.numHiddenLayers; layer++) {
      for (const module of linearsOf(config)) {
        const bits = await Promise.all(
          masks.map(async (maskOf) => bitsOf(maskOf, linearWeight(config, layer, module))),
        );
        const [rows, columns] = linearShape(config, module);
        for (const [index, { first, second, counts }] of pairs.entries()) {
          const found = count(bits[first], bits[second], rows * columns);
          for (const key of ['both', 'either', 'size'] as const) counts[key] += found[key];
          matrices[index].push({ layer, module, ...sharesOf(found) });
        }
      }
    }
    return {
      runs: runs.map(({ runId, name, settings }) => ({ runId, name, sparsity: settings.sparsity })),
      pairs: pairs.map(({ a, b, counts }, index) => ({
        ...{ a, b },
        overall: sharesOf(counts),
        matrices: matrices[index],
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

async function bitsOf(maskOf: MaskOf, name: string): Promise<Uint8Array> {
  const mask = await maskOf(name);
  if (!mask) throw new Error(`${name} has no mask`);
  return mask.bits;
}

const emptyCounts = () => ({ both: 0, either: 0, size: 0 });

function count(a: Uint8Array, b: Uint8Array, size: number) {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    both += BITS_SET[a[i] & b[i]];
    either += BITS_SET[a[i] | b[i]];
  }
  return { both, either, size };
}

const sharesOf = ({ both, either, size }: { both: number; either: number; size: number }) => ({
  shared: both / size,
  jaccard: either === 0 ? 1 : both / either,
});

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
