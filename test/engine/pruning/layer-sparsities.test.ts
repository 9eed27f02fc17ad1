import { beforeAll, describe, expect, it } from 'vitest';
import { outlierRatio } from '../../../src/engine/importance/outlier-ratio.ts';
import { owlSparsities, withoutRoundingLoss } from '../../../src/engine/pruning/layer-sparsities.ts';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { tensor2d } from '../../../src/engine/tensor/ops.ts';
import { refusal } from '../checkpoint/refusal.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

beforeAll(async () => void (await openBackend('cpu')));

describe('OWL', () => {
  it('prunes layers with more outliers less, within 2λ, and keeps the mean', () => {
    const sparsities = owlSparsities([0.01, 0.03, 0.02, 0.01], 0.6);
    expect(mean(sparsities)).toBeCloseTo(0.6, 12);
    const [first, second, third, fourth] = sparsities;
    expect(first).toBe(fourth);
    expect(first - second).toBeCloseTo(0.16, 12);
    expect(first - third).toBeCloseTo(0.08, 12);
  });

  it('is uniform where all layers are alike', () => {
    expect(owlSparsities([0.02, 0.02], 0.5)).toEqual([0.5, 0.5]);
  });

  it('refuses a sparsity that would take all of a layer', async () => {
    const run = async () => owlSparsities([0, 1, 1, 1], 0.9);
    expect(await refusal(run())).toMatchObject({
      code: 'OWL_OUT_OF_RANGE',
      message: expect.stringContaining('layer 0'),
    });
  });

  it('counts as outliers what is more than 5 times the mean of |W| · ‖x‖ over the whole layer', () => {
    // |W| ‖x‖: 15 times 1, and one 20 whose norm makes it one; the mean is 35/16, five times that is 10.9
    const first = {
      weight: tensor2d([1, -1, 1, 1, 1, -1, 1, 10], [2, 4]),
      squares: Float64Array.of(1, 1, 1, 4),
    };
    const second = {
      weight: tensor2d(new Float32Array(8).fill(-0.5), [2, 4]),
      squares: new Float64Array(4).fill(4),
    };
    expect(outlierRatio([first, second])).toBe(1 / 16);
  });
});

describe('rounding', () => {
  it('leaves as many zeros as wanted where there are enough small steps', () => {
    const zerosAt = (sparsity: number) => Math.floor(1000 * sparsity);
    const moved = withoutRoundingLoss([0.5004, 0.4996], 1000, zerosAt);
    expect(moved.reduce((sum, each) => sum + zerosAt(each), 0)).toBe(1000);
    expect(moved[0] - moved[1]).toBeCloseTo(0.0008, 12);
  });
});
