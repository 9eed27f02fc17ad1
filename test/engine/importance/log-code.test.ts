import { describe, expect, it } from 'vitest';
import { decodeLogs, dualLogImportance, encodeLogs } from '../../../src/engine/importance/log-code.ts';
import { randomValues } from '../random-values.ts';

const encodeImportance = (importance: ArrayLike<number>) =>
  encodeLogs(Float64Array.from(importance, Math.log));

/** Importances over several orders of magnitude, some dead. */
const importance = randomValues(5000, 1).map((value, i) => (i % 50 === 0 ? 0 : Math.exp(6 * value)));

describe('encodeImportance', () => {
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
});

describe('dualLogImportance', () => {
  const general = encodeImportance(importance);
  const domain = encodeImportance(importance.map((value, m) => (m % 70 === 0 ? 0 : value ** 2 + 0.01)));

  it('blends the logarithms', () => {
    const [g, f] = [decodeLogs(general), decodeLogs(domain)];
    for (const mu of [0.25, 0.5]) {
      const logs = dualLogImportance(general, domain, mu);
      for (let m = 0; m < logs.length; m++) {
        const expected = (1 - mu) * g[m] + mu * f[m];
        if (expected === -Infinity) expect(logs[m]).toBe(-Infinity);
        else expect(logs[m]).toBeCloseTo(expected, 5);
      }
    }
  });

  it('is one part alone at either end; what is dead in the other does not matter', () => {
    expect(dualLogImportance(general, domain, 0)).toEqual(decodeLogs(general));
    expect(dualLogImportance(general, domain, 1)).toEqual(decodeLogs(domain));
  });
});
