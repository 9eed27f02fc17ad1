import type { ModelConfig } from '../checkpoint/config.ts';
import { concat, mul, slice, type Tensor2D, tidy } from '../tensor/ops.ts';
import { geluForward, geluWithSlope } from './gelu.ts';
import { swigluBackward, swigluForward } from './swiglu.ts';

type Activation = Pick<ModelConfig, 'activation' | 'gatedMlp'>;

/**
 * What the down projection reads, [N, intermediateSize]: the activation of the projections before it, or that of one of them
 * times the other.
 * @param projected [N, intermediateSize], or gate and up side by side, [N, 2·intermediateSize]
 */
export function activationForward({ activation, gatedMlp }: Activation, projected: Tensor2D): Tensor2D {
  if (gatedMlp && activation === 'silu') return swigluForward(projected);
  if (!gatedMlp && activation === 'gelu-tanh') return geluForward(projected);
  if (activation !== 'gelu-tanh') throw new Error(`no feed-forward part has ${activation} without a gate`);
  return tidy(() => {
    const [gate, up] = halves(projected);
    return mul(geluForward(gate), up) as Tensor2D;
  });
}

/** The gradient at `projected`. */
export function activationBackward(
  { activation, gatedMlp }: Activation,
  projected: Tensor2D,
  dy: Tensor2D,
): Tensor2D {
  if (gatedMlp && activation === 'silu') return swigluBackward(projected, dy);
  return tidy(() => {
    if (!gatedMlp) return mul(dy, geluWithSlope(projected).slope) as Tensor2D;
    const [gate, up] = halves(projected);
    const { value, slope } = geluWithSlope(gate);
    return concat([mul(mul(dy, up), slope), mul(dy, value)], 1) as Tensor2D;
  });
}

function halves(x: Tensor2D): [Tensor2D, Tensor2D] {
  const [tokens, width] = x.shape;
  const half = (begin: number) => slice(x, [0, begin], [tokens, width / 2]);
  return [half(0), half(width / 2)];
}
