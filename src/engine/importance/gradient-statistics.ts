import type { ModelConfig } from '../checkpoint/config.ts';
import type { Linear } from '../checkpoint/weight-names.ts';
import { rowsOf } from '../model/decoder-layer.ts';
import { groupRows, type InputGroup } from '../model/input-groups.ts';
import type { Segment } from '../model/segments.ts';
import { accumulate, accumulateSquares } from '../tensor/accumulate.ts';
import { abs, add, matMul, mul, square, type Tensor, type Tensor2D, tidy } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';

/**
 * What is summed over the samples' gradients g_j of a weight matrix:
 * `fisher` g_j² (the empirical Fisher diagonal), `gradientAbs` |g_j|, `gradient` g_j, `signedSquare` g_j·|g_j|, and
 * `finalImportance` |a_j + ½ a_j²| with a_j = g_j · rW (D-Pruner Eq. 7), for which rW must be given.
 */
export const STATISTICS = ['fisher', 'gradientAbs', 'gradient', 'signedSquare', 'finalImportance'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Means over the samples, [outputs, inputs] row-major each; only the wanted ones are there. */
export type MeanStatistics = Partial<Record<Statistic, Float32Array<ArrayBuffer>>>;

/**
 * Sums over exact per-sample gradients of one group of linear layers, kept on the device. One batched backward pass
 * gives inputs X and output gradients dY of all samples; g_j = dY_jᵀ X_j is formed for one sample at a time.
 */
export class GradientStatistics {
  private readonly totals = new Map<Statistic, Tensor2D>();
  private readonly wanted: readonly Statistic[];
  private readonly refinedWeight: Tensor2D | null;
  private samples = 0;

  /** @param refinedWeight rW, [outputs, inputs]; the caller disposes of it */
  constructor(wanted: readonly Statistic[], refinedWeight: Tensor2D | null = null) {
    this.wanted = wanted;
    this.refinedWeight = refinedWeight;
  }

  /**
   * @param x the group's inputs, [N, inputs]
   * @param dy the gradient of Σ_j loss_j at its outputs, [N, outputs]
   */
  accumulate(x: Tensor2D, dy: Tensor2D, segments: readonly Segment[]): void {
    for (const segment of segments) {
      const g = tidy(() => matMul(rowsOf(dy, segment), rowsOf(x, segment), true, false));
      for (const statistic of this.wanted) this.add(statistic, g);
      g.dispose();
      this.samples++;
    }
  }

  private add(statistic: Statistic, g: Tensor2D): void {
    const total = this.totals.get(statistic);
    const next =
      statistic === 'fisher'
        ? accumulateSquares(total, g)
        : accumulate(
            total,
            tidy(() => this.term(statistic, g)),
          );
    this.totals.set(statistic, next);
  }

  private term(statistic: Exclude<Statistic, 'fisher'>, g: Tensor2D): Tensor2D {
    switch (statistic) {
      case 'gradient':
        return g.clone();
      case 'gradientAbs':
        return abs(g) as Tensor2D;
      case 'signedSquare':
        return mul(g, abs(g)) as Tensor2D;
      case 'finalImportance':
        return sampleImportance(mul(g, this.refinedWeight as Tensor2D));
    }
  }

  /** Reads the means, one set for each linear layer of the group, and frees the sums. */
  take(config: ModelConfig, group: InputGroup): Map<Linear, MeanStatistics> {
    const byLinear = new Map<Linear, MeanStatistics>(
      groupRows(config, group).map(({ linear }) => [linear, {}]),
    );
    for (const [statistic, total] of this.totals) {
      const columns = total.shape[1];
      const values = takeFloats(total);
      const share = Math.fround(1 / this.samples);
      for (let m = 0; m < values.length; m++) values[m] *= share;
      for (const { linear, begin, end } of groupRows(config, group)) {
        const means = byLinear.get(linear) as MeanStatistics;
        means[statistic] = values.subarray(begin * columns, end * columns);
      }
    }
    this.totals.clear();
    return byLinear;
  }

  dispose(): void {
    for (const total of this.totals.values()) total.dispose();
    this.totals.clear();
  }
}

/** |a + ½ a²| */
const sampleImportance = (a: Tensor): Tensor2D => abs(add(a, mul(square(a), 0.5))) as Tensor2D;
