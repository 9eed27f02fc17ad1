import * as fused from '../tensor/fused-kernels.ts';
import { add, mean, mul, rsqrt, square, sub, type Tensor1D, type Tensor2D, tidy } from '../tensor/ops.ts';

/**
 * Root-mean-square layer norm (Zhang & Sennrich 2019): y = w · x · r, r = (mean(x²) + ε)^-½ over each token.
 * @param x [N, hiddenSize]
 * @param weight [hiddenSize]
 */
export function rmsNormForward(x: Tensor2D, weight: Tensor1D, eps: number): Tensor2D {
  if (fused.hasFusedKernels()) return fused.rmsNorm(x, weight, eps);
  return tidy(() => mul(mul(x, inverseRms(x, eps)), weight));
}

/**
 * residual + dx, dx = r · (w·dy) − x · r³ · mean(x · w · dy); [N, hiddenSize]. The weight itself is not trained.
 * @param residual the gradient that reaches x past the norm, [N, hiddenSize]
 */
export function rmsNormBackward(
  x: Tensor2D,
  weight: Tensor1D,
  eps: number,
  dy: Tensor2D,
  residual: Tensor2D,
): Tensor2D {
  if (fused.hasFusedKernels()) return fused.rmsNormGradient(x, weight, eps, dy, residual);
  return tidy(() => {
    const r = inverseRms(x, eps); // [N, 1]
    const weighted = mul(dy, weight);
    const projection = mul(mul(square(r), r), mean(mul(x, weighted), 1, true)); // [N, 1]
    return add(residual, sub(mul(weighted, r), mul(x, projection))) as Tensor2D;
  });
}

const inverseRms = (x: Tensor2D, eps: number): Tensor2D =>
  rsqrt(add(mean(square(x), 1, true), eps)) as Tensor2D;
