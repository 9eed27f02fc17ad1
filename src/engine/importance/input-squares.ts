import { columnSquares } from '../tensor/column-sums.ts';
import type { Tensor1D, Tensor2D } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';

/** Micro-batches whose sums may wait on the device. */
const MOST_WAITING = 256;

/**
 * Running Σ x² of each column of a linear layer's inputs, in float64 over the micro-batches. Their sums are read once they are wanted: a
 * graphics processor need not wait for JavaScript in between.
 */
export class InputSquares {
  private readonly sums: Float64Array;
  /** [inputs] each */
  private waiting: Tensor1D[] = [];

  constructor(inputs: number) {
    this.sums = new Float64Array(inputs);
  }

  /** @param x the layer's inputs of a micro-batch, [N, inputs] */
  accumulate(x: Tensor2D): void {
    this.waiting.push(columnSquares(x));
    if (this.waiting.length === MOST_WAITING) this.collect();
  }

  /** [inputs]; nothing is left on the device. */
  total(): Float64Array {
    this.collect();
    return this.sums;
  }

  private collect(): void {
    for (const squares of this.waiting) {
      for (const [column, value] of takeFloats(squares).entries()) this.sums[column] += value;
    }
    this.waiting = [];
  }
}
