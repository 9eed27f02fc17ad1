import type { ModelConfig } from '../checkpoint/config.ts';
import type { Linear } from '../checkpoint/weight-names.ts';
import { rowsOf } from '../model/decoder-layer.ts';
import { groupRows, type InputGroup } from '../model/input-groups.ts';
import type { Segment } from '../model/segments.ts';
import { accumulate, accumulateSquares } from '../tensor/accumulate.ts';
import { addSquaredGradientsInPlace, hasFusedKernels } from '../tensor/fused-kernels.ts';
import {
  abs,
  add,
  matMul,
  mul,
  slice,
  square,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';

/**
 * What is summed over the samples' gradients g_j of a weight matrix:
 * `fisher` g_j² (the empirical Fisher diagonal), `gradientAbs` |g_j|, `gradient` g_j, `signedSquare` g_j·|g_j|, and
 * `finalImportance` |a_j + ½ a_j²| with a_j = g_j · rW (D-Pruner Eq. 7), for which rW must be given.
 */
export const STATISTICS = ['fisher', 'gradientAbs', 'gradient', 'signedSquare', 'finalImportance'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Means over the samples, [outputs, inputs] row-major each; only the wanted ones are there. */
export type MeanStatistics = Partial<Record<Statistic, Float32Array<ArrayBuffer>>>;

/** A gradient exists for so many bytes of rows at a time: it stays near the processor, and needs no more room for larger matrices. */
const ROWS_AT_ONCE_BYTES = 64 * 2 ** 20;

/**
 * Sums over exact per-sample gradients of one group of linear layers, kept on the device. One batched backward pass
 * gives inputs X and output gradients dY of all samples; g_j = dY_jᵀ X_j is formed for one sample and some rows at a time.
 */
export class GradientStatistics {
  /** Rows one block after the other. */
  private readonly totals = new Map<Statistic, Tensor2D[]>();
  private readonly wanted: readonly Statistic[];
  private readonly refinedWeight: Tensor2D | null;
  private samples = 0;

  /** @param refinedWeight rW, [outputs, inputs]; the caller disposes of it */
  constructor(wanted: readonly Statistic[], refinedWeight: Tensor2D | null = null) {
    this.wanted = wanted;
    this.refinedWeight = refinedWeight;
    for (const statistic of wanted) this.totals.set(statistic, []);
  }

  /**
   * @param x the group's inputs, [N, inputs]
   * @param dy the gradient of Σ_j loss_j at its outputs, [N, outputs]
   */
  accumulate(x: Tensor2D, dy: Tensor2D, segments: readonly Segment[]): void {
    const outputs = dy.shape[1];
    if (this.samples === 0) makeRoomFor(4 * this.wanted.length * outputs * x.shape[1]);
    const fused = hasFusedKernels() && this.wanted.includes('fisher');
    if (fused) this.addSquares(x, dy, segments);
    const others = fused ? this.wanted.filter((statistic) => statistic !== 'fisher') : this.wanted;
    if (others.length > 0) for (const segment of segments) this.addSample(others, x, dy, segment);
    this.samples += segments.length;
  }

  /** All samples' g_j² at once, none of which is ever in memory. */
  private addSquares(x: Tensor2D, dy: Tensor2D, segments: readonly Segment[]): void {
    const totals = this.totals.get('fisher') as Tensor2D[];
    totals[0] ??= zeros([dy.shape[1], x.shape[1]]);
    const bounds = Int32Array.from(segments.flatMap(({ start, length }) => [start, start + length]));
    const places = tensor2d(bounds, [segments.length, 2], 'int32');
    addSquaredGradientsInPlace(totals[0], dy, x, places);
    places.dispose();
  }

  private addSample(wanted: readonly Statistic[], x: Tensor2D, dy: Tensor2D, segment: Segment): void {
    const outputs = dy.shape[1];
    const step = Math.max(1, Math.floor(ROWS_AT_ONCE_BYTES / (4 * x.shape[1])));
    const inputs = rowsOf(x, segment); // [T, inputs]
    for (let block = 0, begin = 0; begin < outputs; block++, begin += step) {
      const rows = Math.min(step, outputs - begin);
      const g = tidy(() => {
        const columns = slice(dy, [segment.start, begin], [segment.length, rows]);
        return matMul(columns as Tensor2D, inputs, true, false);
      });
      for (const statistic of wanted) this.add(statistic, g, block, begin);
      g.dispose();
    }
    inputs.dispose();
  }

  private add(statistic: Statistic, g: Tensor2D, block: number, begin: number): void {
    const totals = this.totals.get(statistic) as Tensor2D[];
    totals[block] =
      statistic === 'fisher'
        ? accumulateSquares(totals[block], g)
        : accumulate(
            totals[block],
            tidy(() => this.term(statistic, g, begin)),
          );
  }

  private term(statistic: Exclude<Statistic, 'fisher'>, g: Tensor2D, begin: number): Tensor2D {
    switch (statistic) {
      case 'gradient':
        return g.clone();
      case 'gradientAbs':
        return abs(g) as Tensor2D;
      case 'signedSquare':
        return mul(g, abs(g)) as Tensor2D;
      case 'finalImportance':
        return sampleImportance(mul(g, slice(this.refinedWeight as Tensor2D, [begin, 0], g.shape)));
    }
  }

  /** Reads the means, one set for each linear layer of the group, and frees the sums. */
  take(config: ModelConfig, group: InputGroup): Map<Linear, MeanStatistics> {
    const byLinear = new Map<Linear, MeanStatistics>(
      groupRows(config, group).map(({ linear }) => [linear, {}]),
    );
    for (const [statistic, totals] of this.totals) {
      const columns = totals[0].shape[1];
      const values = this.takeMeans(totals);
      for (const { linear, begin, end } of groupRows(config, group)) {
        const means = byLinear.get(linear) as MeanStatistics;
        means[statistic] = values.subarray(begin * columns, end * columns);
      }
    }
    this.totals.clear();
    return byLinear;
  }

  private takeMeans(totals: readonly Tensor2D[]): Float32Array<ArrayBuffer> {
    const size = totals.reduce((sum, total) => sum + total.size, 0);
    makeRoomFor(4 * size);
    const means = new Float32Array(size);
    let at = 0;
    for (const total of totals) {
      means.set(takeFloats(total), at);
      at += total.size;
    }
    const share = Math.fround(1 / this.samples);
    for (let m = 0; m < size; m++) means[m] *= share;
    return means;
  }

  dispose(): void {
    for (const totals of this.totals.values()) for (const total of totals) total.dispose();
    this.totals.clear();
  }
}

/** |a + ½ a²| */
const sampleImportance = (a: Tensor): Tensor2D => abs(add(a, mul(square(a), 0.5))) as Tensor2D;
