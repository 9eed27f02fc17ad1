import { describe, expect, it } from 'vitest';
import { normGradient } from '../../../../scripts/demo/training/norm-gradient.ts';

describe('normGradient', () => {
  it('is the sum over tokens of dY W times the normalised input', () => {
    const normalized = [
      [0.5, -1],
      [2, 0.25],
      [-0.75, 1.5],
    ]; // x̂, [3, 2]
    const norm = [0.8, -1.2];
    const weight = [1, 2, -3, 0.5]; // W, [2, 2]
    const dOutput = [
      [0.1, -0.2],
      [0.3, 0.4],
      [-0.6, 0.7],
    ]; // dY, [3, 2]
    const dWeight = [0, 1].flatMap((o) =>
      [0, 1].map((i) => normalized.reduce((sum, x, n) => sum + dOutput[n][o] * norm[i] * x[i], 0)),
    );
    const expected = [0, 1].map((i) =>
      normalized.reduce(
        (sum, x, n) => sum + (dOutput[n][0] * weight[i] + dOutput[n][1] * weight[2 + i]) * x[i],
        0,
      ),
    );
    const found = normGradient(
      Float32Array.from(norm),
      Float32Array.from(weight),
      Float32Array.from(dWeight),
    );
    expect(found[0]).toBeCloseTo(expected[0], 5);
    expect(found[1]).toBeCloseTo(expected[1], 5);
  });
});
