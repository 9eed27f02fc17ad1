import { add, concat, mul, sigmoid, sub, type Tensor2D, tidy } from '../tensor/ops.ts';

/**
 * SwiGLU (Shazeer 2020): silu(gate) · up.
 * @param gate and `up` [N, intermediateSize]
 */
export function swigluForward(gate: Tensor2D, up: Tensor2D): Tensor2D {
  return tidy(() => mul(mul(gate, sigmoid(gate)), up));
}

/** d gate = dy · up · σ(1 + gate(1 − σ)), then d up = dy · silu(gate), side by side: [N, 2·intermediateSize]. */
export function swigluBackward(gate: Tensor2D, up: Tensor2D, dy: Tensor2D): Tensor2D {
  return tidy(() => {
    const sigma = sigmoid(gate);
    const silu = mul(gate, sigma);
    const siluSlope = add(sigma, mul(silu, sub(1, sigma)));
    return concat([mul(mul(dy, up), siluSlope), mul(dy, silu)], 1) as Tensor2D;
  });
}
