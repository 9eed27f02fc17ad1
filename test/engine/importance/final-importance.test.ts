import { describe, expect, it } from 'vitest';
import {
  type FinalImportanceInput,
  meanGradientImportance,
  perSampleImportance,
  printedStrength,
} from '../../../src/engine/importance/final-importance.ts';
import { relativeError } from '../closeness.ts';
import { randomValues } from '../random-values.ts';

const SIZE = 400;
const SAMPLES = 6;
const weight = Float32Array.from(randomValues(SIZE, 1));
const general = Float32Array.from(randomValues(SIZE, 2), Math.abs);

/** The samples' gradients, of a given size, and what the passes make of them. */
function inputOf(scale: number, strength: number, withGeneral = true) {
  const gradients = Array.from({ length: SAMPLES }, (_, j) =>
    randomValues(SIZE, 10 + j).map((value) => scale * value),
  );
  const mean = (term: (g: number) => number) =>
    Float32Array.from({ length: SIZE }, (_, m) =>
      gradients.reduce((total, g) => total + term(g[m]) / SAMPLES, 0),
    );
  const statistics = {
    fisher: mean((g) => g * g),
    gradientAbs: mean(Math.abs),
    gradient: mean((g) => g),
    signedSquare: mean((g) => g * Math.abs(g)),
  };
  const input: FinalImportanceInput = { weight, general: withGeneral ? general : null, statistics, strength };
  return { gradients, input };
}

/** Eq. 7 of one gradient. */
function equation7(
  { weight: w, general: g, statistics, strength }: FinalImportanceInput,
  gradient: number,
  m: number,
) {
  const fisher = (statistics.fisher as Float32Array)[m];
  const dw = gradient * (1 + (g ? strength * g[m] * fisher : 0)) * w[m];
  return Math.abs(dw + 0.5 * dw * dw);
}

describe('perSampleImportance', () => {
  it.each([
    { scale: 1e-3, strength: 0, what: 'small gradients' },
    { scale: 1, strength: 0.5, what: 'large gradients and a regulariser' },
    { scale: 0.1, strength: 300, what: 'a strong regulariser' },
  ])('is the mean of Eq. 7 over the samples: $what', ({ scale, strength }) => {
    const { gradients, input } = inputOf(scale, strength);
    const expected = Float64Array.from({ length: SIZE }, (_, m) =>
      gradients.reduce((total, g) => total + equation7(input, g[m], m) / SAMPLES, 0),
    );
    const { values, inexact } = perSampleImportance(input, SAMPLES);
    const exact = [...values.keys()].filter((m) => {
      const fisher = (input.statistics.fisher as Float32Array)[m];
      const r = 1 + strength * general[m] * fisher;
      return Math.sqrt(SAMPLES * fisher) * r * Math.abs(weight[m]) <= 2;
    });
    expect(inexact).toBe(SIZE - exact.length);
    expect(exact.length).toBeGreaterThan(SIZE / 2);
    expect(
      relativeError(
        exact.map((m) => values[m]),
        exact.map((m) => expected[m]),
      ),
    ).toBeLessThan(1e-6);
  });

  it('counts the weights whose step may pass the minimum', () => {
    const { input } = inputOf(50, 0);
    expect(perSampleImportance(input, SAMPLES).inexact).toBeGreaterThan(SIZE / 2);
    expect(perSampleImportance(inputOf(0.01, 0).input, SAMPLES).inexact).toBe(0);
  });

  it('without regulariser ignores the strength', () => {
    const plain = perSampleImportance(inputOf(0.1, 0).input, SAMPLES);
    expect(perSampleImportance(inputOf(0.1, 1e9, false).input, SAMPLES)).toEqual(plain);
  });

  it('refuses to go without a statistic', () => {
    const { input } = inputOf(1, 0);
    expect(() => perSampleImportance({ ...input, statistics: {} }, SAMPLES)).toThrow('was not accumulated');
  });
});

describe('meanGradientImportance', () => {
  it.each([0, 20])('is Eq. 7 of the mean gradient, strength %i', (strength) => {
    const { input } = inputOf(1, strength);
    const gradient = input.statistics.gradient as Float32Array;
    const expected = gradient.map((g, m) => equation7(input, g, m));
    expect(relativeError(meanGradientImportance(input).values, expected)).toBeLessThan(1e-6);
  });
});

describe('the other formulas', () => {
  it('the printed strength is 2λα²', () => {
    expect(printedStrength(0.1, 0.03)).toBeCloseTo(1.8e-4, 12);
  });
});
