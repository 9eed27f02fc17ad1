import { matMul, softmax, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** Checks the current backend on results that can be worked out by hand; throws if it computes wrongly. */
export function selfTest(): void {
  tidy(() => {
    const a = tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expectClose('matMul(a, aᵀ)', matMul(a, a, false, true).dataSync(), [14, 32, 32, 77]);
    expectClose('matMul(aᵀ, a)', matMul(a, a, true, false).dataSync(), [17, 22, 27, 22, 29, 36, 27, 36, 45]);
    const logits = tensor2d([0, Math.log(3), -Infinity, 1, 1, 1], [2, 3]);
    expectClose('softmax', softmax(logits).dataSync(), [0.25, 0.75, 0, 1 / 3, 1 / 3, 1 / 3]);
    largeProduct();
  });
}

/** tfjs computes small tensors on the processor even where there is a device: this one is not, nor is it a multiple of any tile. */
function largeProduct(): void {
  const [rows, inner, columns] = [67, 70, 61];
  const fraction = (i: number) => ((i * 7919) % 1000) / 1000 - 0.5;
  const left = Float32Array.from({ length: rows * inner }, (_, i) => fraction(i));
  const right = Float32Array.from({ length: inner * columns }, (_, i) => fraction(3 * i + 1));
  const expected = Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += left[row * inner + k] * right[k * columns + column];
    return sum;
  });
  const product = matMul(tensor2d(left, [rows, inner]), tensor2d(right, [inner, columns]));
  expectClose('a larger product', product.dataSync(), expected);
}

function expectClose(what: string, found: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    if (!(Math.abs(found[i] - value) <= 1e-5 * Math.max(1, Math.abs(value)))) {
      throw new Error(`self-test: ${what}[${i}] is ${found[i]}, expected ${value}`);
    }
  });
}
