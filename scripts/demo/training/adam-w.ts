export interface AdamWOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
}

/** Running means of a parameter's gradient, m, and of its square, v. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/**
 * One step of AdamW in place (Loshchilov & Hutter 2019, Algorithm 2):
 * m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², w −= η (m̂ / (√v̂ + ε) + λw), with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
 * @param step t, from 1 on
 * @param gradientScale what the gradient is multiplied by first, as clipping wants it
 */
export function adamWStep(
  values: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  step: number,
  options: AdamWOptions,
  gradientScale = 1,
): void {
  const { learningRate, beta1, beta2, eps, weightDecay } = options;
  const firstCorrection = 1 - beta1 ** step;
  const secondCorrection = 1 - beta2 ** step;
  for (let i = 0; i < values.length; i++) {
    const g = gradientScale * gradient[i];
    const m = beta1 * first[i] + (1 - beta1) * g;
    const v = beta2 * second[i] + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    const direction = m / firstCorrection / (Math.sqrt(v / secondCorrection) + eps);
    const value = values[i];
    values[i] = value - learningRate * (direction + weightDecay * value);
  }
}
