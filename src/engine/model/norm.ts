import { type Tensor1D, type Tensor2D, zerosLike } from '../tensor/ops.ts';
import { layerNormBackward, layerNormForward } from './layer-norm.ts';
import { rmsNormBackward, rmsNormForward } from './rms-norm.ts';

/** A norm on the device, [width] each: root-mean-square by the weight alone, or a layer norm by weight and bias. */
export interface NormWeights {
  readonly weight: Tensor1D;
  readonly bias: Tensor1D | null;
  readonly eps: number;
}

/** @param x [N, width] */
export function normForward(x: Tensor2D, { weight, bias, eps }: NormWeights): Tensor2D {
  return bias ? layerNormForward(x, weight, bias, eps) : rmsNormForward(x, weight, eps);
}

/**
 * The gradient at x, added to what reaches it past the norm; [N, width].
 * @param residual null: nothing does
 */
export function normBackward(
  x: Tensor2D,
  { weight, bias, eps }: NormWeights,
  dy: Tensor2D,
  residual: Tensor2D | null,
): Tensor2D {
  const past = residual ?? zerosLike(x);
  const dx = (bias ? layerNormBackward : rmsNormBackward)(x, weight, eps, dy, past);
  if (!residual) past.dispose();
  return dx;
}
