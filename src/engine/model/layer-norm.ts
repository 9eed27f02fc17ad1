import { add, mean, mul, rsqrt, square, sub, type Tensor1D, type Tensor2D, tidy } from '../tensor/ops.ts';

/**
 * Layer norm (Ba et al. 2016): y = w · (x − m) · r + b, with m = mean(x) and r = (mean((x − m)²) + ε)^-½ of each token.
 * @param x [N, hiddenSize]
 * @param weight and `bias` [hiddenSize]
 */
export function layerNormForward(x: Tensor2D, weight: Tensor1D, bias: Tensor1D, eps: number): Tensor2D {
  return tidy(() => add(mul(normalized(x, eps).values, weight), bias) as Tensor2D);
}

/**
 * residual + dx, dx = r · (d − mean(d) − x̂ · mean(d · x̂)) with d = w · dy and x̂ = (x − m) · r; [N, hiddenSize]. Weight and bias
 * themselves are not trained.
 * @param residual the gradient that reaches x past the norm, [N, hiddenSize]
 */
export function layerNormBackward(
  x: Tensor2D,
  weight: Tensor1D,
  eps: number,
  dy: Tensor2D,
  residual: Tensor2D,
): Tensor2D {
  return tidy(() => {
    const { values, r } = normalized(x, eps);
    const d = mul(dy, weight);
    const projection = mul(values, mean(mul(d, values), 1, true));
    return add(residual, mul(r, sub(sub(d, mean(d, 1, true)), projection))) as Tensor2D;
  });
}

/** x̂ [N, hiddenSize] and r [N, 1]. */
function normalized(x: Tensor2D, eps: number): { values: Tensor2D; r: Tensor2D } {
  const centred = sub(x, mean(x, 1, true)) as Tensor2D;
  const r = rsqrt(add(mean(square(centred), 1, true), eps)) as Tensor2D;
  return { values: mul(centred, r), r };
}
