import { seededRandom } from '../calibration/random.ts';
import type { ModelConfig } from '../checkpoint/config.ts';
import type { Linear } from '../checkpoint/weight-names.ts';
import { groupRows, groupShape, INPUT_GROUPS } from '../model/input-groups.ts';
import type { WeightGradients, WeightPlace } from './weight-gradients.ts';

/** A weight drawn from its matrix. */
export interface DrawnWeight extends WeightPlace {
  readonly linear: Linear;
}

/** The curvature of the loss along one weight, and what stands for it. */
export interface Curvature extends DrawnWeight {
  readonly value: number;
  /** H_mm: ∂²/∂w² of the mean over the samples of their losses. */
  readonly hessian: number;
  /** H_F: the mean over the samples of their squared gradients. */
  readonly fisher: number;
}

/** The same weights for the same seed, some of each matrix; in the order of the layers. */
export function drawWeights(config: ModelConfig, count: number, seed: number): DrawnWeight[] {
  const drawn: DrawnWeight[] = [];
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    for (const group of INPUT_GROUPS) {
      const [, columns] = groupShape(config, group);
      for (const { linear, begin, end } of groupRows(config, group)) {
        const random = seededRandom(seed, `fisher/${layer}/${linear}`);
        for (let i = 0; i < count; i++) {
          const row = begin + random.below(end - begin);
          drawn.push({ layer, group, linear, row, column: random.below(columns) });
        }
      }
    }
  }
  return drawn;
}

/** A step as a fraction of the matrix's root mean square: small beside the weights, far above the rounding of a gradient. */
const STEP = 0.01;

/**
 * The curvatures of weights of one group of one layer, one by one, by the central difference of two gradients:
 * (g(w + ε) − g(w − ε)) / 2ε.
 */
export function* curvaturesOf(
  gradients: WeightGradients,
  weights: readonly DrawnWeight[],
): Generator<Curvature> {
  const { values, columns } = gradients.matrixOf(weights[0]);
  const step = STEP * rootMeanSquare(values);
  const unchanged = gradients.ofUnchanged(weights);
  for (const [i, weight] of weights.entries()) {
    const value = values[weight.row * columns + weight.column];
    // The steps that float32 really takes.
    const up = Math.fround(value + step) - value;
    const down = Math.fround(value - step) - value;
    const rise = meanOf(gradients.at(weight, up)) - meanOf(gradients.at(weight, down));
    yield {
      ...weight,
      value,
      hessian: rise / (up - down),
      fisher: meanOf(unchanged[i].map((g) => g ** 2)),
    };
  }
}

function rootMeanSquare(values: Float32Array): number {
  let squares = 0;
  for (const value of values) squares += value ** 2;
  return Math.sqrt(squares / values.length);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
