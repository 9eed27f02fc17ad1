import { add, mul, square, sub, type Tensor2D, tanh, tidy } from '../tensor/ops.ts';

const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** GELU (Hendrycks & Gimpel 2016) by its tanh: ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
export function geluForward(x: Tensor2D): Tensor2D {
  return tidy(() => mul(mul(x, 0.5), add(tanhOf(x), 1)) as Tensor2D);
}

/** Its slope ½ (1 + t) + ½ x (1 − t²) √(2/π) (1 + 3 · 0.044715 x²), t being the tanh. */
export function geluSlope(x: Tensor2D): Tensor2D {
  return tidy(() => {
    const t = tanhOf(x);
    const inner = mul(add(mul(square(x), 3 * CUBIC), 1), ROOT);
    return add(mul(add(t, 1), 0.5), mul(mul(mul(x, 0.5), sub(1, square(t))), inner)) as Tensor2D;
  });
}

const tanhOf = (x: Tensor2D): Tensor2D => tanh(mul(mul(x, add(mul(square(x), CUBIC), 1)), ROOT)) as Tensor2D;
