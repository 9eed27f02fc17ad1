import type { ModelConfig } from '../checkpoint/config.ts';
import { groupShape, INPUT_GROUPS } from '../model/input-groups.ts';

/** Floating-point operations that one token costs in one decoder layer; attention's own share is left out. */
export interface LayerFlops {
  readonly forward: number;
  /** Forward and a triangle of Σ x xᵀ of each distinct input. */
  readonly general: number;
  /** Recomputed forward (without the down projection), dX, and dYᵀX of each sample. */
  readonly backward: number;
}

export function layerFlops(config: ModelConfig): LayerFlops {
  let weights = 0;
  let hessians = 0;
  for (const group of INPUT_GROUPS) {
    const [outputs, inputs] = groupShape(config, group);
    weights += outputs * inputs;
    hessians += inputs * inputs;
  }
  const [hidden, intermediate] = groupShape(config, 'mlpHidden');
  return {
    forward: 2 * weights,
    general: 2 * weights + hessians,
    backward: 6 * weights - 2 * hidden * intermediate,
  };
}

/** Operations of the language-model head for one token: forward alone, or with the gradient at its input. */
export const headFlops = ({ vocabSize, hiddenSize }: ModelConfig, withGradient: boolean): number =>
  (withGradient ? 4 : 2) * vocabSize * hiddenSize;
