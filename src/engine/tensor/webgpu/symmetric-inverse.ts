import { dispose, type Tensor, type Tensor1D, type Tensor2D, tensor2d } from '@tensorflow/tfjs-core';
import type { SymmetricMatrix } from '../cholesky.ts';
import { takeFloats } from '../read.ts';
import { splitDoubles } from '../split-doubles.ts';
import { ASSEMBLE, SCALES } from './assembly-programs.ts';
import { runProgram, submit, unsetTensor } from './compute-program.ts';
import { DIAGONAL_BLOCK, PANEL_ROWS, SOLVE_PANEL, TILE, UPDATE } from './elimination-programs.ts';
import { COLUMN_NORMS, FACTOR_ROWS } from './inverse-programs.ts';
import { PANEL, triangleNumbers } from './triangle.ts';

/** Multiplications that one command may take: a fifth of a second on a graphics processor of a thin laptop. */
const COMMAND_PRODUCTS = 2 ** 31;

/** diag((A + added · I)⁻¹), [n]; not finite if the factorisation fails. Nothing but this leaves the device. */
export function webgpuInverseDiagonal(a: SymmetricMatrix, added: number): Float64Array<ArrayBuffer> {
  const n = a.u.length;
  const norms = unsetTensor<Tensor2D>([n, 3]);
  eliminate(a, added, false, ({ panel, block, scales }, begin) =>
    runProgram(COLUMN_NORMS, { inputs: [panel, block, scales], output: norms }, { n, begin }, [
      groups(n, 64),
    ]),
  );
  const values = takeFloats(norms);
  return Float64Array.from({ length: n }, (_, j) => {
    const scale = values[3 * j + 2];
    return (values[3 * j] + values[3 * j + 1]) * scale * scale;
  });
}

/** The upper U with Uᵀ U = (A + added · I)⁻¹, [n, n]; not finite if the factorisation fails. */
export function webgpuInverseFactor(a: SymmetricMatrix, added: number): Tensor2D {
  const n = a.u.length;
  const factor = unsetTensor<Tensor2D>([n, n]);
  eliminate(a, added, true, ({ panel, block, scales }, begin) =>
    runProgram(FACTOR_ROWS, { inputs: [panel, block, scales], output: factor }, { n, begin }, [
      groups(n, 64),
      PANEL,
    ]),
  );
  return factor;
}

/** What is there after a panel has been eliminated; see the programs. */
interface Eliminated {
  readonly panel: Tensor;
  readonly block: Tensor;
  readonly scales: Tensor1D;
}

/**
 * Cholesky's factorisation A = L Lᵀ and the inverse of L in one sweep over panels of columns, in place: left of the panel the matrix
 * holds what becomes L⁻¹, right of it what is left of A. Each panel takes one product of all that lies below it.
 */
function eliminate(
  a: SymmetricMatrix,
  added: number,
  isFlipped: boolean,
  use: (eliminated: Eliminated, begin: number) => void,
): void {
  const n = a.u.length;
  const { matrix, scales } = assemble(a, added, isFlipped);
  const block = unsetTensor([2 * PANEL ** 2 + 1]);
  const panel = unsetTensor([2 * n * PANEL]);
  for (let begin = 0; begin < n; begin += PANEL) {
    runProgram(DIAGONAL_BLOCK, { inputs: [matrix], output: block }, { n, begin }, [1]);
    runProgram(SOLVE_PANEL, { inputs: [matrix, block], output: panel }, { n, begin }, [
      groups(n, PANEL_ROWS),
    ]);
    use({ panel, block, scales }, begin);
    update(matrix, panel, n, begin);
  }
  dispose([matrix, scales, block, panel]);
}

/** The scaled lower triangle of A + added · I, or of it with its rows and columns reversed. */
function assemble({ base, u, v }: SymmetricMatrix, added: number, isFlipped: boolean) {
  const n = u.length;
  const vectors = tensor2d(splitDoubles([u, v]), [4, n]);
  const high = Math.fround(added);
  const uniforms = { n, added: high, addedRest: added - high, isFlipped: Number(isFlipped) };
  const scales = unsetTensor<Tensor1D>([n]);
  const matrix = unsetTensor<Tensor1D>([triangleNumbers(n)]);
  runProgram(SCALES, { inputs: [base, vectors], output: scales }, uniforms, [groups(n, 64)]);
  runProgram(ASSEMBLE, { inputs: [base, vectors, scales], output: matrix }, uniforms, [groups(n, 64), n]);
  vectors.dispose();
  return { matrix, scales };
}

function update(matrix: Tensor, panel: Tensor, n: number, begin: number): void {
  const step = Math.max(TILE, TILE * Math.floor(COMMAND_PRODUCTS / (n * PANEL * TILE)));
  for (let firstRow = begin + PANEL; firstRow < n; firstRow += step) {
    const rows = Math.min(step, n - firstRow);
    const tiles = [groups(firstRow + rows, TILE), groups(rows, TILE)] as const;
    runProgram(UPDATE, { inputs: [panel], output: matrix }, { n, begin, firstRow }, tiles);
    if (n * rows * PANEL > COMMAND_PRODUCTS / 16) submit();
  }
}

const groups = (things: number, each: number): number => Math.ceil(things / each);
