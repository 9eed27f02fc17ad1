import { add, mul, square, sub, type Tensor2D, tanh, tidy } from '../tensor/ops.ts';

const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** GELU (Hendrycks & Gimpel 2016) by its tanh: ½ x (1 + t), t = tanh(√(2/π) (x + 0.044715 x³)). */
export function geluForward(x: Tensor2D): Tensor2D {
  return tidy(() => valueBy(tanhBy(x, square(x)), x));
}

/** GELU and its slope ½ (1 + t) + ½ x (1 − t²) √(2/π) (1 + 3 · 0.044715 x²). */
export function geluWithSlope(x: Tensor2D): { value: Tensor2D; slope: Tensor2D } {
  return tidy(() => {
    const squares = square(x);
    const t = tanhBy(x, squares);
    const inner = mul(x, add(mul(squares, 1.5 * ROOT * CUBIC), 0.5 * ROOT));
    const slope = add(add(mul(t, 0.5), 0.5), mul(sub(1, square(t)), inner)) as Tensor2D;
    return { value: valueBy(t, x), slope };
  });
}

const tanhBy = (x: Tensor2D, squares: Tensor2D): Tensor2D =>
  tanh(mul(x, add(mul(squares, ROOT * CUBIC), ROOT))) as Tensor2D;

const valueBy = (t: Tensor2D, x: Tensor2D): Tensor2D => mul(x, add(mul(t, 0.5), 0.5)) as Tensor2D;
