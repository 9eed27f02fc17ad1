import { describe, expect, it } from 'vitest';
import { encodeLogs } from '../../../src/engine/importance/encode-logs.ts';
import { decodeLogs, dualLogImportance } from '../../../src/engine/importance/log-code.ts';
import { randomValues } from '../random-values.ts';

const encodeImportance = (importance: ArrayLike<number>) =>
  encodeLogs(Float32Array.from(importance, Math.log));

/** Importances over several orders of magnitude, some dead. */
const importance = randomValues(5000, 1).map((value, i) => (i % 50 === 0 ? 0 : Math.exp(6 * value)));

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
