import { matMul, softmax, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** Checks the current backend on results that can be worked out by hand; throws if it computes wrongly. */
export function selfTest(): void {
  tidy(() => {
    const a = tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expectClose('matMul(a, aᵀ)', matMul(a, a, false, true).dataSync(), [14, 32, 32, 77]);
    expectClose('matMul(aᵀ, a)', matMul(a, a, true, false).dataSync(), [17, 22, 27, 22, 29, 36, 27, 36, 45]);
    const logits = tensor2d([0, Math.log(3), -Infinity, 1, 1, 1], [2, 3]);
    expectClose('softmax', softmax(logits).dataSync(), [0.25, 0.75, 0, 1 / 3, 1 / 3, 1 / 3]);
  });
}

function expectClose(what: string, found: ArrayLike<number>, expected: readonly number[]): void {
  expected.forEach((value, i) => {
    if (!(Math.abs(found[i] - value) <= 1e-5 * Math.max(1, Math.abs(value)))) {
      throw new Error(`self-test: ${what}[${i}] is ${found[i]}, expected ${value}`);
    }
  });
}
