import { describe, expect, it } from 'vitest';
import { balancedEnds, balancedLogImportance } from '../../../src/engine/importance/balanced-importance.ts';
import { encodeLogs, logMeanOf } from '../../../src/engine/importance/encode-logs.ts';
import { decodeLogs } from '../../../src/engine/importance/log-code.ts';

const coded = (values: number[]) => encodeLogs(Float32Array.from(values, Math.log));
const fisher = (values: number[]) => ({
  codes: coded(values),
  logMean: logMeanOf(Float32Array.from(values, Math.log)),
});
const general = [1, 4, 0.5, 2];
const open = [1e-9, 3e-9, 8e-9, 4e-9]; // mean 4e-9
const domain = [6, 2, 1, 3]; // mean 3

describe('balancedLogImportance', () => {
  it('takes each text’s Fisher over its mean, whatever their scales', () => {
    const logs = balancedLogImportance(coded(general), fisher(open), fisher(domain), 0.25);
    for (const [m, log] of logs.entries()) {
      const blended = (0.75 * open[m]) / 4e-9 + (0.25 * domain[m]) / 3;
      expect(Math.exp(2 * log)).toBeCloseTo(general[m] * blended, 3);
    }
  });

  it('lets a weight live by one text alone, and none by a text that does not count', () => {
    const halfDead = { codes: coded([0, 3, 8, 4]), logMean: Math.log(15 / 4) };
    const at = (mu: number) => balancedLogImportance(coded(general), halfDead, fisher(domain), mu)[0];
    expect(at(0)).toBe(-Infinity);
    expect(at(0.5)).toBeGreaterThan(-Infinity);
  });

  it('has a weight dead that is dead in G, or in a matrix dead throughout', () => {
    const dead = { codes: coded([0, 0, 0, 0]), logMean: -Infinity };
    expect(balancedLogImportance(coded([0, 1, 1, 1]), fisher(open), fisher(domain), 0.5)[0]).toBe(-Infinity);
    expect([...balancedLogImportance(coded(general), dead, dead, 0.5)]).toEqual(new Array(4).fill(-Infinity));
  });
});

describe('balancedEnds', () => {
  it('blend to any μ by the root of their mean square', () => {
    const [mixed, ofOpen, ofDomain] = [coded(general), fisher(open), fisher(domain)];
    const ends = balancedEnds(mixed, ofOpen, ofDomain);
    const [zero, one] = [decodeLogs(ends.general), decodeLogs(ends.domain)];
    const between = balancedLogImportance(mixed, ofOpen, ofDomain, 0.3);
    for (const [m, log] of between.entries()) {
      const square = 0.7 * Math.exp(2 * zero[m]) + 0.3 * Math.exp(2 * one[m]);
      expect(log).toBeCloseTo(Math.log(square) / 2, 3);
    }
  });
});
