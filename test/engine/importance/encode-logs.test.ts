import { beforeAll, describe, expect, it } from 'vitest';
import { encodeLogs, logMeanOf } from '../../../src/engine/importance/encode-logs.ts';
import { decodeLogs } from '../../../src/engine/importance/log-code.ts';
import { openBackend, tryBackend } from '../../../src/engine/tensor/backend.ts';
import { randomValues } from '../random-values.ts';

const encodeImportance = (importance: ArrayLike<number>) =>
  encodeLogs(Float32Array.from(importance, Math.log));

/** Importances over several orders of magnitude, some dead. */
const importance = randomValues(5000, 1).map((value, i) => (i % 50 === 0 ? 0 : Math.exp(6 * value)));

/** By the kernels where they are, and in turn. */
const backends = await Promise.all(
  (['tensorflow', 'cpu'] as const).map(async (name) => ({ name, loads: (await tryBackend(name)).usable })),
);

describe.each(backends.filter(({ loads }) => loads))('on $name', ({ name }) => {
  beforeAll(async () => void (await openBackend(name)));

  it('keeps the order', () => {
    const { codes } = encodeImportance(importance);
    const order = [...importance.keys()].sort((a, b) => importance[a] - importance[b]);
    for (let n = 1; n < order.length; n++) {
      expect(codes[order[n]]).toBeGreaterThanOrEqual(codes[order[n - 1]]);
    }
    expect(Math.max(...codes)).toBe(65535);
  });

  it('is within half a step of the logarithm, and a step is fine', () => {
    const encoded = encodeImportance(importance);
    const logs = decodeLogs(encoded);
    expect(encoded.step).toBeLessThan(12.1 / 65534);
    for (const [m, value] of importance.entries()) {
      if (value === 0) continue;
      expect(Math.abs(logs[m] - Math.log(value))).toBeLessThan(0.51 * encoded.step + 1e-6); // float32 logarithms
    }
  });

  it('gives code 0 to dead weights alone, and reads them back as −∞', () => {
    const encoded = encodeImportance(importance);
    const dead = [...importance.keys()].filter((m) => importance[m] === 0);
    expect([...encoded.codes.keys()].filter((m) => encoded.codes[m] === 0)).toEqual(dead);
    expect([...decodeLogs(encoded).keys()].filter((m) => decodeLogs(encoded)[m] === -Infinity)).toEqual(dead);
  });

  it('takes a matrix whose weights are all dead', () => {
    const encoded = encodeImportance(new Float32Array(4));
    expect([...encoded.codes]).toEqual([0, 0, 0, 0]);
    expect([...decodeLogs(encoded)]).toEqual([-Infinity, -Infinity, -Infinity, -Infinity]);
    expect(encoded.step).toBeGreaterThan(0); // as the score store asks for
  });

  it('takes a matrix whose weights are all equal', () => {
    const encoded = encodeImportance(Float32Array.of(0.25, 0.25, 0));
    expect([...encoded.codes]).toEqual([1, 1, 0]);
    expect(decodeLogs(encoded)[0]).toBeCloseTo(Math.log(0.25), 6);
  });

  it('is not coarse because of a few weights that are next to nothing', () => {
    const outlier = importance.slice();
    outlier[1] = 1e-300;
    const encoded = encodeImportance(outlier);
    expect(encoded.step).toBeLessThan(25 / 65534);
    expect(encoded.codes[1]).toBe(1); // the lowest of all that live
  });

  it('has the mean of what the logarithms stand for, which may be far too small for a number', () => {
    expect(logMeanOf(Float32Array.of(-800, -800 + Math.log(3)))).toBeCloseTo(-800 + Math.log(2), 3);
    expect(logMeanOf(Float32Array.of(-Infinity, -Infinity))).toBe(-Infinity);
  });

  it('takes more than the kernels do at once', () => {
    const logs = Float32Array.from({ length: 2 ** 20 + 3 }, (_, m) =>
      m % 7 === 0 ? -Infinity : (m % 1000) / 100 - m / 2e5,
    );
    const { codes, low, step } = encodeLogs(logs);
    let [sum, alive, most] = [0, 0, -Infinity];
    for (const log of logs)
      if (log !== -Infinity) [sum, alive, most] = [sum + Math.exp(log), alive + 1, Math.max(most, log)];
    expect(alive).toBe(codes.filter((code) => code > 0).length);
    expect(low + (65535 - 1) * step).toBeCloseTo(most, 5);
    const wrong = logs.findIndex(
      (log, m) => codes[m] !== (log === -Infinity ? 0 : Math.floor(1.5 + (log - low) / step)),
    );
    expect(wrong).toBe(-1);
    expect(logMeanOf(logs)).toBeCloseTo(Math.log(sum / logs.length), 5);
  });
});
