import type { MeanStatistics } from './gradient-statistics.ts';

/**
 * Strength of the regulariser in the refined loss's gradient (D-Pruner Eq. 3–6): with one step W' = W − α g,
 * ∂L_ours/∂W = g + 2λα² · G · g · H_F.
 */
export const printedStrength = (lambda: number, alpha: number): number => 2 * lambda * alpha ** 2;

/** One weight matrix's ingredients, row-major each. */
export interface FinalImportanceInput {
  readonly weight: Float32Array;
  /** G (Eq. 2); null without regulariser. */
  readonly general: Float32Array | null;
  readonly statistics: MeanStatistics;
  /** c in d = g · (1 + c · G · H_F). */
  readonly strength: number;
}

export interface FinalImportance {
  /** S, row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Weights for which the closed form over the samples may not hold. */
  readonly inexact: number;
}

/**
 * Final importance, averaged over the samples: S = mean_j | d_j W + ½ (d_j W)² | (D-Pruner Eq. 7), with
 * d_j = g_j r and r = 1 + c G H_F. Since H_F is known only after all samples, the mean is taken in closed form: where
 * |d_j W| ≤ 2 the sign of (1 + ½ d_j W) is known, and S = |rW| mean|g_j| + ½ rW |rW| mean(g_j |g_j|) exactly.
 * √(P · H_F) · |rW| ≤ 2 ensures that for every one of the P samples; weights beyond are counted.
 */
export function perSampleImportance(input: FinalImportanceInput, samples: number): FinalImportance {
  const { weight, statistics } = input;
  const fisher = required(statistics.fisher);
  const gradientAbs = required(statistics.gradientAbs);
  const signedSquare = required(statistics.signedSquare);
  const values = new Float32Array(weight.length);
  let inexact = 0;
  for (let m = 0; m < weight.length; m++) {
    const rw = refinement(input, fisher, m) * weight[m];
    values[m] = Math.abs(Math.abs(rw) * gradientAbs[m] + 0.5 * rw * Math.abs(rw) * signedSquare[m]);
    if (samples * fisher[m] * rw * rw > 4) inexact++;
  }
  return { values, inexact };
}

/** Final importance of the mean gradient: S = | dW + ½ (dW)² |, d = g · (1 + c G H_F) (D-Pruner Eq. 7 as printed). */
export function meanGradientImportance(input: FinalImportanceInput): FinalImportance {
  const { weight, statistics } = input;
  const fisher = required(statistics.fisher);
  const gradient = required(statistics.gradient);
  const values = new Float32Array(weight.length);
  for (let m = 0; m < weight.length; m++) {
    const dw = gradient[m] * refinement(input, fisher, m) * weight[m];
    values[m] = Math.abs(dw + 0.5 * dw * dw);
  }
  return { values, inexact: 0 };
}

/** rW of every weight, row-major: with it, a sample's S is |g_j rW + ½ (g_j rW)²|. */
export function refinedWeight(input: FinalImportanceInput): Float32Array<ArrayBuffer> {
  const fisher = required(input.statistics.fisher);
  return Float32Array.from(input.weight, (weight, m) => refinement(input, fisher, m) * weight);
}

/** r = 1 + c · G · H_F */
const refinement = ({ general, strength }: FinalImportanceInput, fisher: Float32Array, m: number): number =>
  general ? 1 + strength * general[m] * fisher[m] : 1;

function required<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Error('a gradient statistic that this criterion needs was not accumulated');
  return value;
}
