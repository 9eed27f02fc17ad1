import { describe, expect, it } from 'vitest';
import { adamWStep } from '../../../../scripts/demo/training/adam-w.ts';

const options = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, eps: 0, weightDecay: 0.5 };

describe('adamWStep', () => {
  it('moves by the learning rate against the sign of the first gradient, and decays', () => {
    const values = Float32Array.of(1, -2);
    const moments = { first: new Float32Array(2), second: new Float32Array(2) };
    adamWStep(values, Float32Array.of(3, -0.01), moments, 1, options);
    // m̂ / √v̂ = sign(g) at t = 1: 1 − 0.1·(1 + 0.5·1) and −2 − 0.1·(−1 + 0.5·(−2))
    expect(values[0]).toBeCloseTo(0.85, 6);
    expect(values[1]).toBeCloseTo(-1.8, 6);
    expect(moments.first[0]).toBeCloseTo(0.3, 6);
    expect(moments.second[0]).toBeCloseTo(0.09, 6);
  });

  it('takes the second step by its corrected means', () => {
    const values = Float32Array.of(0);
    const moments = { first: new Float32Array(1), second: new Float32Array(1) };
    const noDecay = { ...options, weightDecay: 0 };
    adamWStep(values, Float32Array.of(1), moments, 1, noDecay);
    adamWStep(values, Float32Array.of(2), moments, 2, noDecay);
    // m = 0.29, m̂ = 0.29/0.19; v = 0.0499, v̂ = 0.0499/0.0199
    expect(values[0]).toBeCloseTo(-0.1 - (0.1 * (0.29 / 0.19)) / Math.sqrt(0.0499 / 0.0199), 6);
  });

  it('scales the gradient before it enters the means', () => {
    const moments = { first: new Float32Array(1), second: new Float32Array(1) };
    adamWStep(Float32Array.of(0), Float32Array.of(8), moments, 1, options, 0.25);
    expect(moments.first[0]).toBeCloseTo(0.2, 6);
  });
});
