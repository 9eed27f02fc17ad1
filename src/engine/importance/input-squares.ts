import { square, sum, type Tensor2D, tidy } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';

/** Running Σ x² of each column of a linear layer's inputs, in float64 over the micro-batches. */
export class InputSquares {
  /** [inputs] */
  readonly total: Float64Array;

  constructor(inputs: number) {
    this.total = new Float64Array(inputs);
  }

  /** @param x the layer's inputs of a micro-batch, [N, inputs] */
  accumulate(x: Tensor2D): void {
    const squares = takeFloats(tidy(() => sum(square(x), 0)));
    for (let column = 0; column < squares.length; column++) this.total[column] += squares[column];
  }
}
