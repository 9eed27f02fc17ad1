import { accumulate } from '../tensor/accumulate.ts';
import { inverseDiagonal, NotPositiveDefinite, type SymmetricMatrix } from '../tensor/cholesky.ts';
import { columnSums } from '../tensor/column-sums.ts';
import { giveMemoryBackBefore } from '../tensor/give-back.ts';
import { GramMatrix } from '../tensor/gram-matrix.ts';
import { mean, mul, square, sub, type Tensor1D, type Tensor2D, tensor1d, tidy } from '../tensor/ops.ts';
import { readFloats, rowBlocks, takeFloats } from '../tensor/read.ts';
import { makeRoomFor } from '../tensor/reclaim.ts';

/**
 * Running Σ x xᵀ of a linear layer's inputs, on the device. Inputs often share a large common part, and in float32 its
 * rounding errors would drown the small directions that H⁻¹ is all about; so the sum is taken around a centre c (the mean of the
 * first micro-batch) and put back in float64: Σ x xᵀ = Σ (x−c)(x−c)ᵀ + c vᵀ + v cᵀ, v = Σ (x−c) + ½ N c.
 */
export class InputMoments {
  private centre: Tensor1D | null = null;
  private shift: Tensor1D | null = null;
  private tokens = 0;
  private readonly centred: GramMatrix;

  constructor(inputs: number) {
    this.centred = new GramMatrix(inputs);
  }

  /** @param x the layer's inputs of a micro-batch, [N, inputs] */
  accumulate(x: Tensor2D): void {
    this.centre ??= tidy(() => mean(x, 0) as Tensor1D);
    const y = sub(x, this.centre) as Tensor2D;
    this.centred.accumulate(y);
    this.shift = accumulate(this.shift, columnSums(y));
    y.dispose();
    this.tokens += x.shape[0];
  }

  /** Σ x xᵀ, in place of the sums, which are empty then; the caller disposes of `base`. */
  takeMatrix(): SymmetricMatrix {
    const { u, v } = this.common();
    return { base: this.centred.takeMatrix(), u, v };
  }

  /** Σ x² of each input, the diagonal of Σ x xᵀ. */
  squares(): Float64Array<ArrayBuffer> {
    const { u, v } = this.common();
    return this.centred.diagonal().map((value, i) => value + 2 * u[i] * v[i]);
  }

  /** Σ x xᵀ without using it up, of which the base's lower triangle counts; null where the device does not keep it so. */
  lower(): SymmetricMatrix | null {
    const base = this.centred.lower();
    return base && { base, ...this.common() };
  }

  /** Σ x xᵀ without using it up, where `lower` is null: each row from its diagonal on. */
  *upperRows(): Generator<{ readonly row: number; readonly values: Float64Array }> {
    const { u, v } = this.common();
    for (const { row, values } of this.centred.upperRows()) {
      const whole = new Float64Array(values);
      for (let k = 0; k < whole.length; k++) whole[k] += u[row] * v[row + k] + v[row] * u[row + k];
      yield { row, values: whole };
    }
  }

  /** How many inputs were summed up. */
  get count(): number {
    return this.tokens;
  }

  private common(): Pick<SymmetricMatrix, 'u' | 'v'> {
    if (!this.centre || !this.shift) throw new Error('no inputs were accumulated');
    const u = Float64Array.from(readFloats(this.centre));
    const shift = readFloats(this.shift);
    return { u, v: u.map((centre, i) => shift[i] + 0.5 * this.tokens * centre) };
  }

  dispose(): void {
    this.centre?.dispose();
    this.shift?.dispose();
    this.centred.dispose();
  }
}

/** diag(H⁻¹) and what had to be done to get it. */
export interface InverseHessianDiagonal {
  /** [inputs]; 0 for a dead column. */
  readonly values: Float64Array;
  /** The fraction of the mean diagonal that was added in the end; above the wanted one if that was not enough. */
  readonly damping: number;
  /** Columns whose input was zero for every token. */
  readonly deadColumns: readonly number[];
}

/** How often the damping is raised tenfold before giving up. */
export const DAMPING_RAISES = 6;

/**
 * diag(H⁻¹) for H = (2/N) Σ x xᵀ + damping · mean(diag) · I (D-Pruner Eq. 2; damping as in SparseGPT). If H is singular
 * all the same, the damping is raised tenfold until it is not. The moments are used up.
 * @param damping fraction of the mean diagonal
 * @throws NotPositiveDefinite if no damping helps (the inputs are not finite)
 */
export function inverseHessianDiagonal(moments: InputMoments, damping: number): InverseHessianDiagonal {
  const diagonal = moments.squares();
  giveMemoryBackBefore(8 * diagonal.length ** 2);
  const matrix = moments.takeMatrix();
  try {
    return invertWithDamping(matrix, diagonal, moments.count, damping);
  } finally {
    matrix.base.dispose();
  }
}

function invertWithDamping(
  matrix: SymmetricMatrix,
  diagonal: Float64Array,
  tokens: number,
  damping: number,
): InverseHessianDiagonal {
  const scale = 2 / tokens; // (s A + d I)⁻¹ = (A + d/s I)⁻¹ / s
  const deadColumns = [...diagonal.keys()].filter((column) => diagonal[column] === 0);
  const n = diagonal.length;
  if (deadColumns.length === n) return { values: new Float64Array(n), damping, deadColumns };
  const meanDiagonal = diagonal.reduce((all, value) => all + value, 0) / n;
  for (let raise = 0; ; raise++) {
    const fraction = damping * 10 ** raise;
    try {
      const values = inverseDiagonal(matrix, fraction * meanDiagonal).map((value) => value / scale);
      for (const column of deadColumns) values[column] = 0;
      return { values, damping: fraction, deadColumns };
    } catch (error) {
      if (!(error instanceof NotPositiveDefinite) || raise === DAMPING_RAISES) throw error;
    }
  }
}

/**
 * General weight importance G = ½ · W² / [H⁻¹]_mm (D-Pruner Eq. 2, Optimal Brain Surgeon): the loss of the layer's
 * output when that weight alone is removed. 0 where the column is dead.
 * @param weight [outputs, inputs]
 * @returns [outputs, inputs] row-major
 */
export function generalWeightImportance(
  weight: Tensor2D,
  inverse: Pick<InverseHessianDiagonal, 'values'>,
): Float32Array<ArrayBuffer> {
  const factors = Float32Array.from(inverse.values, (value) => (value === 0 ? 0 : 0.5 / value));
  makeRoomFor(4 * weight.size);
  const importance = new Float32Array(weight.size);
  let at = 0;
  for (const block of rowBlocks(weight)) {
    importance.set(takeFloats(tidy(() => mul(square(block), tensor1d(factors)))), at);
    at += block.size;
    block.dispose();
  }
  return importance;
}
