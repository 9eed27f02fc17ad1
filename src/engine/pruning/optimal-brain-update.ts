import { DAMPING_RAISES, type InputMoments } from '../importance/hessian.ts';
import { describeHessian, singularHessian } from '../importance/hessian-notes.ts';
import { NotPositiveDefinite } from '../tensor/cholesky.ts';
import { inverseFactor } from '../tensor/inverse-factor.ts';
import { dispose, matMul, mul, slice, sub, type Tensor2D, tensor1d, tensor2d, tidy } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';
import { type GroupToPrune, matricesOf, type PrunedGroup } from './methods/pruning-method.ts';
import { type NmPattern, pruneGroup } from './n-m.ts';

/** Which weights of a block of columns go. */
export interface BlockChoice {
  /**
   * @param block the weights as they have become, [rows, width] row-major
   * @param pivots U_jj of the block's columns, [width]
   * @param begin its first column
   * @returns 1 for each weight to be pruned
   */
  ofBlock(block: Float32Array, pivots: Float64Array, begin: number): Uint8Array;
  /** N:M: the weights of a group are chosen by w² / U_jj² when the sweep reaches it. */
  readonly pattern?: NmPattern;
  /** Weights whose input was 0 for every token count as 0; else they stay as they are unless they are chosen. */
  readonly dropsDead?: boolean;
}

/**
 * Removes weights column by column and lets the later columns of a row make up for each (SparseGPT, arXiv 2301.00774,
 * algorithm 1): with Uᵀ U = H⁻¹ and e = w_j / U_jj of a removed weight, w_k −= e · U_jk for all k > j. Within a block of
 * columns a row at a time; then all later columns at once on the device.
 */
export async function updateWeights(
  { layer, group, linears, weight, inputs }: GroupToPrune,
  choice: BlockChoice,
  damping: number,
  blockColumns: number,
): Promise<PrunedGroup> {
  if (!inputs?.moments) throw new Error('the update needs the Hessian of the inputs');
  const hessian = factorHessian(inputs.moments, damping, layer, group);
  const [rows, columns] = weight.shape;
  const values = new Float32Array(rows * columns);
  const pruned = new Uint8Array(rows * columns);
  let rest = withoutColumns(weight, choice.dropsDead ? hessian.deadColumns : []);
  for (let begin = 0; begin < columns; begin += blockColumns) {
    const width = Math.min(blockColumns, columns - begin);
    const block = takeFloats(slice(rest, [0, 0], [rows, width]));
    const triangle = triangleOf(hessian.factor, begin, width);
    const pivots = Float64Array.from({ length: width }, (_, j) => triangle[j * width + j]);
    const flags = choice.ofBlock(block, pivots, begin);
    const errors = sweep(block, flags, triangle, width, choice.pattern ?? null);
    rest = updateRest(rest, errors, hessian.factor, begin);
    for (let row = 0; row < rows; row++) {
      values.set(block.subarray(row * width, (row + 1) * width), row * columns + begin);
      pruned.set(flags.subarray(row * width, (row + 1) * width), row * columns + begin);
    }
  }
  dispose([rest, hessian.factor]);
  const matrices = matricesOf(linears, pruned, values);
  return { matrices, notes: describeHessian(layer, group, damping, hessian) };
}

/**
 * Takes out a block's weights from the left to the right, in place, each row for itself.
 * @param triangle U of the block, [width, width]
 * @param pruned is filled where a pattern chooses on the way
 * @returns e of each weight that went, 0 elsewhere, [rows, width]
 */
function sweep(
  block: Float32Array,
  pruned: Uint8Array,
  triangle: Float64Array,
  width: number,
  pattern: NmPattern | null,
): Float32Array<ArrayBuffer> {
  const errors = new Float32Array(block.length);
  const w = new Float64Array(width);
  const scores = new Float64Array(width);
  for (let start = 0; start < block.length; start += width) {
    for (let j = 0; j < width; j++) w[j] = block[start + j];
    for (let j = 0; j < width; j++) {
      if (pattern && j % pattern.group === 0) {
        for (let k = j; k < j + pattern.group; k++) scores[k] = (w[k] / triangle[k * width + k]) ** 2;
        pruneGroup(scores, j, pattern, pruned, start + j);
      }
      if (pruned[start + j] === 0) continue;
      const error = w[j] / triangle[j * width + j];
      w[j] = 0;
      if (error === 0) continue;
      errors[start + j] = error;
      for (let k = j + 1, at = j * width + k; k < width; k++, at++) w[k] -= error * triangle[at];
    }
    for (let j = 0; j < width; j++) block[start + j] = w[j];
  }
  return errors;
}

/**
 * The columns after the block, less what the block's errors amount to there; disposes of the old ones.
 * @param rest [rows, width + left]
 * @param errors [rows, width]
 * @param factor U
 * @param begin the block's first column
 */
function updateRest(rest: Tensor2D, errors: Float32Array, factor: Tensor2D, begin: number): Tensor2D {
  const [rows, columnsLeft] = rest.shape;
  const width = errors.length / rows;
  const left = columnsLeft - width;
  const next = tidy(() => {
    const later = slice(rest, [0, width], [rows, left]);
    if (left === 0) return later;
    const factorLeft = slice(factor, [begin, begin + width], [width, left]);
    return sub(later, matMul(tensor2d(errors, [rows, width]), factorLeft)) as Tensor2D;
  });
  rest.dispose();
  return next;
}

/** The weight with dead columns at 0, a tensor of its own. */
const withoutColumns = (weight: Tensor2D, dead: readonly number[]): Tensor2D =>
  tidy(() => {
    const alive = new Float32Array(weight.shape[1]).fill(1);
    for (const column of dead) alive[column] = 0;
    return mul(weight, tensor1d(alive)) as Tensor2D;
  });

const triangleOf = (factor: Tensor2D, begin: number, width: number): Float64Array =>
  Float64Array.from(takeFloats(slice(factor, [begin, begin], [width, width])));

interface FactoredHessian {
  /** U, [inputs, inputs]. */
  readonly factor: Tensor2D;
  readonly damping: number;
  readonly deadColumns: readonly number[];
}

/**
 * The Cholesky factor of H⁻¹. Its scale does not matter to the update, so H = Σ x xᵀ here, damped by a fraction of its mean
 * diagonal; if it is singular all the same, the damping is raised tenfold until it is not.
 * @throws UserError HESSIAN_SINGULAR
 */
function factorHessian(
  moments: InputMoments,
  damping: number,
  layer: number,
  group: string,
): FactoredHessian {
  const diagonal = moments.squares();
  const matrix = moments.takeMatrix();
  try {
    const deadColumns = [...diagonal.keys()].filter((column) => diagonal[column] === 0);
    const mean = diagonal.reduce((all, value) => all + value, 0) / diagonal.length;
    for (let raise = 0; ; raise++) {
      const fraction = damping * 10 ** raise;
      try {
        // Where all inputs are dead any factor will do: all weights are 0.
        return { factor: inverseFactor(matrix, fraction * mean || 1), damping: fraction, deadColumns };
      } catch (error) {
        if (!(error instanceof NotPositiveDefinite)) throw error;
        if (raise === DAMPING_RAISES) throw singularHessian(layer, group, damping, error);
      }
    }
  } finally {
    matrix.base.dispose();
  }
}
