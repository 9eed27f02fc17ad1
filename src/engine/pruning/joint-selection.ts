import { hasFusedKernels } from '../tensor/fused-kernels.ts';
import { dispose, matMul, type Tensor2D, tensor2d } from '../tensor/ops.ts';
import { readFloats } from '../tensor/read.ts';
import { swapRemoved } from '../tensor/swap-removed.ts';
import type { Grouping } from './mask.ts';
import { rowRanges } from './row-ranges.ts';

/** A swap must lower the row's cost by more than this share of what the weight that returns is worth. */
const LEAST_GAIN = 1e-6;

/** A matrix whose weights are to be chosen together. */
export interface JointMatrix {
  /** log S of each weight, −∞ for a dead one, [rows, columns] row-major. */
  readonly logImportance: Float32Array;
  /** Its sign alone counts. */
  readonly weight: Float32Array;
  /** ρ of the inputs, [columns, columns]. */
  readonly correlation: Float32Array;
  readonly columns: number;
}

/**
 * Chooses the weights that go by what they do together. Removing the set M from a row of outputs costs
 * J = Σ_{i, j ∈ M} s_i s_j ρ_ij with s = sign(W) √S: each weight's importance on the diagonal, and beside it whether the inputs of two
 * removed weights go together, so that their effects add up, or cancel. With S = ½ W² H_mm it is the layer's squared error itself;
 * S alone, which is what `start` was chosen by, is J with ρ = 1 (the identity). To find a lower J in each row a removed weight and
 * a kept one change places, the best first, until no such swap lowers it, as in SparseSwaps (Zimmer et al. 2025, arXiv 2512.10922), which
 * does so for the squared error and rows of equal sparsity; the pair is found in two steps here, not among all pairs.
 * @param start 1 for each weight that goes, by its own importance; how many go in each row and group stays
 * @returns as `start`
 */
export function selectJointly(
  { logImportance, weight, correlation, columns }: JointMatrix,
  start: Uint8Array,
  { blockColumns, pattern }: Pick<Grouping, 'blockColumns' | 'pattern'>,
): Uint8Array<ArrayBuffer> {
  const span = pattern ? pattern.group : Math.min(blockColumns ?? columns, columns);
  let most = -Infinity;
  for (const log of logImportance) if (log > most) most = log;
  const chosen = new Uint8Array(start);
  if (most === -Infinity) return chosen;
  const rho = tensor2d(correlation, [columns, columns]);
  try {
    for (const { begin, end } of rowRanges(start.length, columns)) {
      const sizes = new Float32Array(end - begin);
      for (let m = begin; m < end; m++)
        sizes[m - begin] = Math.sign(weight[m]) * Math.exp((logImportance[m] - most) / 2);
      swap({ sizes, removed: chosen.subarray(begin, end), rho, correlation, columns, span });
    }
  } finally {
    rho.dispose();
  }
  return chosen;
}

interface Rows {
  /** s, [rows, columns]. */
  readonly sizes: Float32Array;
  /** Changed in place. */
  readonly removed: Uint8Array;
  readonly rho: Tensor2D;
  readonly correlation: Float32Array;
  readonly columns: number;
  /** Weights change places within so many columns. */
  readonly span: number;
}

function swap(rows: Rows): void {
  const { sizes, removed, rho, columns, span } = rows;
  const shape: [number, number] = [sizes.length / columns, columns];
  const sizesGone = new Float32Array(sizes);
  for (let m = 0; m < sizesGone.length; m++) if (removed[m] === 0) sizesGone[m] = 0;
  const gone = tensor2d(sizesGone, shape);
  const products = matMul(gone, rho) as Tensor2D;
  if (hasFusedKernels()) {
    const tensors = {
      sizes: tensor2d(sizes, shape),
      correlation: rho,
      products,
      removed: tensor2d(new Int32Array(removed), shape, 'int32'),
    };
    removed.set(swapRemoved(tensors, span));
    dispose([tensors.sizes, tensors.removed]);
  } else {
    const effects = readFloats(products);
    for (let begin = 0; begin < sizes.length; begin += columns)
      settle(rows, begin, Float64Array.from(effects.subarray(begin, begin + columns)));
  }
  dispose([gone, products]);
}

/** Swaps within a row until none is worth it. @param effect of the removed weights, Σ_i s_i ρ_ik for each input k */
function settle({ sizes, removed, correlation, columns, span }: Rows, begin: number, effect: Float64Array) {
  const row = { size: sizes.subarray(begin), removed: removed.subarray(begin), correlation, columns, effect };
  for (let swapped = true; swapped; ) {
    swapped = false;
    for (let from = 0; from < columns; from += span) {
      while (swapWithin(row, from, Math.min(columns, from + span))) swapped = true;
    }
    if (span >= columns) return;
  }
}

interface Row {
  readonly size: Float32Array;
  readonly removed: Uint8Array;
  readonly correlation: Float32Array;
  readonly columns: number;
  readonly effect: Float64Array;
}

/** The removed weight whose return gains the most, and then the kept one whose removal costs the least. */
function swapWithin({ size, removed, correlation, columns, effect }: Row, from: number, to: number): boolean {
  let [back, gain] = [-1, Infinity];
  for (let k = from; k < to; k++) {
    const change = removed[k] ? size[k] * (size[k] - 2 * effect[k]) : Infinity;
    if (change < gain) [back, gain] = [k, change];
  }
  if (back < 0) return false;
  const returned = correlation.subarray(back * columns, (back + 1) * columns);
  let [out, cost] = [-1, Infinity];
  for (let k = from; k < to; k++) {
    const left = effect[k] - size[back] * returned[k];
    const change = removed[k] ? Infinity : size[k] * (size[k] + 2 * left);
    if (change < cost) [out, cost] = [k, change];
  }
  if (out < 0 || !(gain + cost < -LEAST_GAIN * Math.abs(gain))) return false;
  const taken = correlation.subarray(out * columns, (out + 1) * columns);
  for (let k = 0; k < columns; k++) effect[k] += size[out] * taken[k] - size[back] * returned[k];
  removed[back] = 0;
  removed[out] = 1;
  return true;
}
