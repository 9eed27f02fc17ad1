import { matMul, ones, sum, type Tensor2D, tidy } from './ops.ts';
import { readFloats } from './read.ts';

const SMALLEST = 128;
const LARGEST = 2048;
/** Long enough for a clock and for all cores to join in. */
const ENOUGH_MS = 100;

/**
 * Measures the current backend on a product of square float32 matrices, large enough to take a while but no larger.
 * @returns 10⁹ floating-point operations a second
 */
export function measureMatMulRate(): number {
  for (let size = SMALLEST; ; size *= 2) {
    timeProduct(size); // the first one pays for memory and threads
    const elapsedMs = timeProduct(size);
    if (elapsedMs >= ENOUGH_MS || size >= LARGEST) return (2 * size ** 3) / (elapsedMs * 1e6);
  }
}

/** Milliseconds of ones[size, size] · ones[size, size], until a sum of its values is here. */
function timeProduct(size: number): number {
  return tidy(() => {
    const a = ones([size, size]) as Tensor2D;
    const startedAtMs = performance.now();
    readFloats(sum(matMul(a, a)));
    return performance.now() - startedAtMs;
  });
}
