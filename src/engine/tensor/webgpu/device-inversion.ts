import { dispose, type Tensor1D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { takeFloats } from '../read.ts';
import { type ComputeProgram, runProgram, unsetTensor } from './compute-program.ts';
import { DOUBLE_FLOAT } from './double-float.ts';
import { webgpuInverseDiagonal } from './symmetric-inverse.ts';

let fault: string | null | undefined;

/** Why the device is not trusted with a matrix's inverse, which is then computed beside it; null where it is. Tried once. */
export function inversionFault(): string | null {
  if (fault === undefined) fault = findFault();
  return fault;
}

function findFault(): string | null {
  try {
    checkArithmetic();
    checkInverse();
    return null;
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n', 1);
    return `Hessians are inverted on the processor, which takes long for large ones: ${reason}`;
  }
}

const PAIRS = 4096;

/** result [PAIRS, 4]: sum and product of each pair, and what rounding took from them. */
const ARITHMETIC: ComputeProgram = {
  name: 'double-float-arithmetic',
  inputs: ['a', 'b'],
  uniforms: [],
  workgroup: [64, 1, 1],
  code: `${DOUBLE_FLOAT}
    fn main() {
      let i = i32(globalId.x);
      let total = twoSum(a[i], b[i]);
      let product = twoProduct(a[i], b[i]);
      result[4 * i] = total.x;
      result[4 * i + 1] = total.y;
      result[4 * i + 2] = product.x;
      result[4 * i + 3] = product.y;
    }`,
};

/** Both transformations must be exact; float64 holds sums and products of these float32 as they are. */
function checkArithmetic(): void {
  const [left, right] = [7919, 104729].map((step) =>
    Float32Array.from({ length: PAIRS }, (_, i) => sample(i * step)),
  );
  const [a, b] = [tensor1d(left), tensor1d(right)];
  const result = unsetTensor<Tensor1D>([4 * PAIRS]);
  runProgram(ARITHMETIC, { inputs: [a, b], output: result }, {}, [PAIRS / 64]);
  const found = takeFloats(result);
  dispose([a, b]);
  for (let i = 0; i < PAIRS; i++) {
    const [total, totalRest, product, productRest] = found.subarray(4 * i, 4 * i + 4);
    if (total + totalRest !== left[i] + right[i])
      throw new Error('its sums lose what rounding takes from them');
    if (product + productRest !== left[i] * right[i])
      throw new Error('its products lose what rounding takes from them');
  }
}

/** Of either sign, between 2⁻¹⁰ and 2¹⁰. */
const sample = (i: number): number => (i % 2 === 0 ? 1 : -1) * 2 ** (((i * 0.618) % 1) * 20 - 10);

const SIZE = 100;

/**
 * A_ij = Σ w_k over k ≤ min(i, j), whose inverse has 1/w_i + 1/w_{i+1} on its diagonal. The w reach from 2⁻¹⁰ to 8: in float32 its
 * pivots would keep two digits.
 */
function checkInverse(): void {
  const w = Array.from({ length: SIZE }, (_, i) => (1 + ((i * 4951) % 97) ** 2) / 1024);
  let total = 0;
  const sums = w.map((step) => {
    total += step;
    return total;
  });
  const values = Float32Array.from(
    { length: SIZE ** 2 },
    (_, at) => sums[Math.min(Math.floor(at / SIZE), at % SIZE)] - 4,
  );
  const base = tensor2d(values, [SIZE, SIZE]);
  const u = new Float64Array(SIZE).fill(2);
  const v = new Float64Array(SIZE).fill(1);
  const found = webgpuInverseDiagonal({ base, u, v }, 0);
  base.dispose();
  for (let i = 0; i < SIZE; i++) {
    const expected = 1 / w[i] + (i + 1 < SIZE ? 1 / w[i + 1] : 0);
    if (!(Math.abs(found[i] / expected - 1) < 1e-7))
      throw new Error(`the inverse of a known matrix has ${found[i]} at ${i}, expected ${expected}`);
  }
}
