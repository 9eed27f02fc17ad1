import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import type { Linear } from '../../../src/engine/checkpoint/weight-names.ts';
import { rankCorrelation } from '../../../src/engine/experiments/rank-correlation.ts';
import { curvaturesOf, drawWeights } from '../../../src/engine/experiments/second-derivatives.ts';
import { WeightGradients } from '../../../src/engine/experiments/weight-gradients.ts';
import { groupOf, groupRows } from '../../../src/engine/model/input-groups.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { TOY } from '../toy-run.ts';

interface ExactCurvature {
  readonly layer: number;
  readonly module: Linear;
  readonly row: number;
  readonly column: number;
  readonly hessian: number;
  readonly fisher: number;
}

const readToy = async (name: string) => JSON.parse(await readFile(join(TOY, name), 'utf8'));

describe('second derivatives', () => {
  beforeAll(async () => void (await openBackend(null)));

  it("are PyTorch's, and so is the empirical Fisher, for weights of every matrix", async () => {
    const before = memory().numTensors;
    const exact: ExactCurvature[] = await readToy('hessian.json');
    const { domain } = await readToy('tokens.json');
    const checkpoint = await openCheckpoint(TOY);
    const samples = domain.map((ids: number[]) => Int32Array.from(ids));
    const gradients = await WeightGradients.open(checkpoint, samples);
    const largest = Math.max(...exact.map(({ hessian }) => Math.abs(hessian)));
    for (const wanted of exact) {
      const { layer, module: linear, column } = wanted;
      const group = groupOf(linear);
      const rows = groupRows(checkpoint.config, group).find((each) => each.linear === linear);
      const place = { layer, group, linear, row: (rows?.begin ?? 0) + wanted.row, column };
      const [{ hessian, fisher }] = curvaturesOf(gradients, [place]);
      const what = `${layer} ${linear} [${wanted.row}, ${column}]`;
      expect(Math.abs(hessian - wanted.hessian) / largest, what).toBeLessThan(1e-3);
      expect(fisher / wanted.fisher, what).toBeCloseTo(1, 3);
    }
    await gradients.close();
    await checkpoint.close();
    expect(memory().numTensors).toBe(before);
  });

  it('are of the same weights for the same seed, as many of each matrix', async () => {
    const { config, close } = await openCheckpoint(TOY);
    await close();
    const drawn = drawWeights(config, 3, 1);
    expect(drawn).toEqual(drawWeights(config, 3, 1));
    expect(drawn).not.toEqual(drawWeights(config, 3, 2));
    expect(Map.groupBy(drawn, ({ layer, linear }) => `${layer} ${linear}`).size).toBe(14);
    expect(drawn).toHaveLength(42);
  });
});

describe('rank correlation', () => {
  it('is 1 for the same order, −1 for the reverse, and gives equal values the mean of their ranks', () => {
    expect(rankCorrelation([1, 10, 100], [2, 3, 4])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 2, 2, 4], [1, 3, 2, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  });
});
