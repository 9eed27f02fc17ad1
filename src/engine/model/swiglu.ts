import { add, concat, mul, sigmoid, slice, sub, type Tensor2D, tidy } from '../tensor/ops.ts';

/**
 * SwiGLU (Shazeer 2020): silu(gate) · up.
 * @param gateUp [N, 2·intermediateSize]: gate, then up
 * @returns [N, intermediateSize]
 */
export function swigluForward(gateUp: Tensor2D): Tensor2D {
  return tidy(() => {
    const [gate, up] = split(gateUp);
    return mul(mul(gate, sigmoid(gate)), up);
  });
}

/** d gate = dy · up · σ(1 + gate(1 − σ)), d up = dy · silu(gate); [N, 2·intermediateSize]. */
export function swigluBackward(gateUp: Tensor2D, dy: Tensor2D): Tensor2D {
  return tidy(() => {
    const [gate, up] = split(gateUp);
    const sigma = sigmoid(gate);
    const silu = mul(gate, sigma);
    const siluSlope = add(sigma, mul(silu, sub(1, sigma)));
    return concat([mul(mul(dy, up), siluSlope), mul(dy, silu)], 1) as Tensor2D;
  });
}

function split(gateUp: Tensor2D): [Tensor2D, Tensor2D] {
  const [tokens, width] = gateUp.shape;
  return [slice(gateUp, [0, 0], [tokens, width / 2]), slice(gateUp, [0, width / 2], [tokens, width / 2])];
}
