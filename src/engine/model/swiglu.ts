import * as fused from '../tensor/fused-kernels.ts';
import { add, concat, mul, sigmoid, slice, sub, type Tensor2D, tidy } from '../tensor/ops.ts';

/**
 * SwiGLU (Shazeer 2020): silu(gate) · up, [N, intermediateSize].
 * @param gateUp gate and up side by side, [N, 2·intermediateSize]
 */
export function swigluForward(gateUp: Tensor2D): Tensor2D {
  if (fused.hasFusedKernels()) return fused.swiglu(gateUp);
  return tidy(() => {
    const [gate, up] = halves(gateUp);
    return mul(mul(gate, sigmoid(gate)), up);
  });
}

/** d gate = dy · up · σ(1 + gate(1 − σ)), then d up = dy · silu(gate), side by side: [N, 2·intermediateSize]. */
export function swigluBackward(gateUp: Tensor2D, dy: Tensor2D): Tensor2D {
  if (fused.hasFusedKernels()) return fused.swigluGradient(gateUp, dy);
  return tidy(() => {
    const [gate, up] = halves(gateUp);
    const sigma = sigmoid(gate);
    const silu = mul(gate, sigma);
    const siluSlope = add(sigma, mul(silu, sub(1, sigma)));
    return concat([mul(mul(dy, up), siluSlope), mul(dy, silu)], 1) as Tensor2D;
  });
}

function halves(gateUp: Tensor2D): [Tensor2D, Tensor2D] {
  const [tokens, width] = gateUp.shape;
  const half = (begin: number) => slice(gateUp, [0, begin], [tokens, width / 2]);
  return [half(0), half(width / 2)];
}
