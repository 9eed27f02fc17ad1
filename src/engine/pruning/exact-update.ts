import type { InputMoments } from '../importance/hessian.ts';
import { singularHessian } from '../importance/hessian-notes.ts';
import {
  type ConjugateEquations,
  conjugateStart,
  conjugateStep,
  totalLength,
} from '../tensor/conjugate-gradients.ts';
import { add, dispose, matMul, mul, type Tensor2D, tensor2d, tidy } from '../tensor/ops.ts';
import { readFloats } from '../tensor/read.ts';
import { type GroupToPrune, matricesOf, type PrunedGroup } from './methods/pruning-method.ts';
import { rowRanges } from './row-ranges.ts';

/** The residual's norm, squared and preconditioned, must fall to this share of what it was. */
const TOLERANCE = 1e-8;
const MOST_STEPS = 100;

/**
 * The kept weights that make up best for those that go: in each row w minimises (w⁰ − w) A (w⁰ − w)ᵀ, A = Σ x xᵀ + damping, of all
 * w that are 0 where the mask is. This is Optimal Brain Surgeon for all removed weights M at once, w⁰ − w = w⁰_M ([A⁻¹]_MM)⁻¹ [A⁻¹]_M·;
 * SparseGPT's sweep (`updateWeights`) comes near it, since there a weight makes up only for those before it. Each row has
 * another set of equations, so they are solved by conjugate gradients with A's diagonal as preconditioner, whose
 * products with A all rows share.
 * @param pruned 1 for each weight that goes, [rows, columns] row-major
 * @param damping fraction of the mean diagonal
 * @throws UserError HESSIAN_SINGULAR if the inputs are not finite
 */
export function solveKept(
  { layer, group, linears, weightValues, inputs }: GroupToPrune,
  pruned: Uint8Array,
  damping: number,
): PrunedGroup {
  if (!inputs?.moments) throw new Error('the update needs the Hessian of the inputs');
  const equations = equationsOf(inputs.moments, damping);
  const values = new Float32Array(pruned.length);
  try {
    for (const { begin, end } of rowRanges(pruned.length, equations.inverseDiagonal.size)) {
      const solved = solveRows(equations, weightValues.subarray(begin, end), pruned.subarray(begin, end));
      if (!solved) throw singularHessian(layer, group, damping, new Error('the residual is not finite'));
      values.set(solved, begin);
    }
  } finally {
    dispose({ ...equations });
  }
  return { matrices: matricesOf(linears, pruned, values), notes: [] };
}

function equationsOf(inputs: InputMoments, damping: number): ConjugateEquations {
  const squares = inputs.squares();
  const n = squares.length;
  const mean = squares.reduce((all, value) => all + value, 0) / n || 1;
  const { base, u, v } = inputs.takeMatrix();
  const scaled = mul(base, 1 / mean);
  base.dispose();
  const moments = tidy(() => {
    const left = tensor2d(rowsOf(u, v, 1 / mean), [2, n]);
    const right = tensor2d(rowsOf(v, u, 1), [2, n]);
    return add(scaled, matMul(left, right, true, false)) as Tensor2D;
  });
  scaled.dispose();
  const inverseDiagonal = tensor2d(
    Float32Array.from(squares, (value) => 1 / (value / mean + damping)),
    [1, n],
  );
  return { moments, damping, inverseDiagonal };
}

/** [2, n], scaled. */
function rowsOf(first: Float64Array, second: Float64Array, scale: number): Float32Array {
  const rows = new Float32Array(2 * first.length);
  rows.set(first.map((value) => value * scale));
  rows.set(
    second.map((value) => value * scale),
    first.length,
  );
  return rows;
}

/** @returns w, [R, n] row-major; null if the equations are not finite */
function solveRows(
  equations: ConjugateEquations,
  original: Float32Array,
  pruned: Uint8Array,
): Float32Array<ArrayBuffer> | null {
  const n = equations.inverseDiagonal.size;
  const kept = tensor2d(
    Float32Array.from(pruned, (gone) => 1 - gone),
    [pruned.length / n, n],
  );
  let state = conjugateStart(equations, tensor2d(original, kept.shape), kept);
  const first = totalLength(state);
  let length = first;
  for (let steps = 0; steps < MOST_STEPS && length > TOLERANCE * first; steps++) {
    state = conjugateStep(equations, state, kept);
    length = totalLength(state);
  }
  const weights = readFloats(state.weights).slice(); // some backends hand out their own memory
  dispose({ ...state, kept });
  for (let m = 0; m < weights.length; m++) if (pruned[m] === 1) weights[m] = 0; // and not −0
  return Number.isFinite(length) ? weights : null;
}
