import { accumulate } from './accumulate.ts';
import { diagonalOf } from './diagonal.ts';
import { addGramInPlace, hasFusedKernels, mirrorLowerInPlace } from './fused-kernels.ts';
import { concat, matMul, slice, type Tensor2D, tidy, transpose, zeros } from './ops.ts';
import { rowBlocks, takeFloats } from './read.ts';
import { makeRoomFor } from './reclaim.ts';

/** Below this the saving is not worth the copies. */
const SMALLEST_SPLIT = 1024;
const BLOCK_ROWS = 4;

/**
 * Running Σ xᵀ x of a symmetric matrix, on the device: its lower triangle alone, where there are kernels of our own. Elsewhere
 * of a large one the block rows from the diagonal on: with four, 5/8 of the products.
 */
export class GramMatrix {
  private readonly size: number;
  private readonly step: number;
  /** Block row i holds rows i·step … and columns from i·step on. */
  private rows: Tensor2D[] = [];

  constructor(size: number) {
    this.size = size;
    this.step = size < SMALLEST_SPLIT || hasFusedKernels() ? size : Math.ceil(size / BLOCK_ROWS);
  }

  /** @param x [N, size] */
  accumulate(x: Tensor2D): void {
    const [tokens] = x.shape;
    if (hasFusedKernels()) {
      this.rows[0] ??= zeros([this.size, this.size]);
      addGramInPlace(this.rows[0], x);
      return;
    }
    for (let i = 0, begin = 0; begin < this.size; i++, begin += this.step) {
      const width = Math.min(this.step, this.size - begin);
      const product = tidy(() => {
        const left = width === this.size ? x : slice(x, [0, begin], [tokens, width]);
        const right = begin === 0 ? x : slice(x, [0, begin], [tokens, this.size - begin]);
        return matMul(left, right, true, false);
      });
      this.rows[i] = accumulate(this.rows[i], product);
    }
  }

  /** The whole matrix, [size, size], in place of the sum, which is empty then; the caller disposes of it. */
  takeMatrix(): Tensor2D {
    if (hasFusedKernels()) {
      const [matrix] = this.rows;
      this.rows = [];
      mirrorLowerInPlace(matrix);
      return matrix;
    }
    makeRoomFor(2 * 4 * this.size ** 2);
    const blockRows: Tensor2D[] = [];
    // From the last to the first, since a row's left part is the rows above it, which can then go.
    for (let i = this.rows.length - 1; i >= 0; i--) {
      const row = this.rows[i];
      const whole = tidy(() => concat([...this.mirrored(i), row], 1) as Tensor2D);
      if (i > 0) row.dispose();
      blockRows.unshift(whole);
    }
    const matrix = concat(blockRows, 0) as Tensor2D;
    for (const row of blockRows) row.dispose();
    this.dispose();
    return matrix;
  }

  /** The sum without using it up, of which the lower triangle counts; null where it is not kept so. */
  lower(): Tensor2D | null {
    return hasFusedKernels() ? this.rows[0] : null;
  }

  /** Σ x² of each column. */
  diagonal(): Float64Array<ArrayBuffer> {
    const diagonal = new Float64Array(this.size);
    for (const [i, row] of this.rows.entries()) diagonal.set(takeFloats(diagonalOf(row)), i * this.step);
    return diagonal;
  }

  /** The sum without using it up, where `lower` is null: each row from its diagonal on. */
  *upperRows(): Generator<{ row: number; values: Float32Array }> {
    for (const [i, stored] of this.rows.entries()) {
      const columns = stored.shape[1];
      let row = i * this.step;
      for (const block of rowBlocks(stored)) {
        const height = block.shape[0];
        const values = takeFloats(block);
        for (let r = 0; r < height; r++, row++)
          yield { row, values: values.subarray(r * columns + row - i * this.step, (r + 1) * columns) };
      }
    }
  }

  /** What lies left of a block row's diagonal block. */
  private mirrored(i: number): Tensor2D[] {
    const height = this.rows[i].shape[0];
    return this.rows
      .slice(0, i)
      .map(
        (above, j) => transpose(slice(above, [0, (i - j) * this.step], [above.shape[0], height])) as Tensor2D,
      );
  }

  dispose(): void {
    for (const row of this.rows) row.dispose();
    this.rows = [];
  }
}
