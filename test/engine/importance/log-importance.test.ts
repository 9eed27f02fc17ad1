import { expect, it } from 'vitest';
import { logDomainImportance, logImportance } from '../../../src/engine/importance/log-importance.ts';
import { memory, tensor2d } from '../../../src/engine/tensor/ops.ts';
import { describeOnEachBackend } from '../each-backend.ts';

describeOnEachBackend('log importance', () => {
  it('is −∞ for a dead weight', () => {
    const before = memory().numTensors;
    const logs = logImportance(Float32Array.of(1, 0, Math.E));
    expect(logs[0]).toBe(0);
    expect(logs[1]).toBe(-Infinity);
    expect(logs[2]).toBeCloseTo(1, 6);
    expect(memory().numTensors).toBe(before);
  });

  it('of the domain is log(Fisher · W²), without overflow or underflow', () => {
    const weight = tensor2d([2, -3, 1e-20, 0], [2, 2]);
    const logs = logDomainImportance(Float32Array.of(0.5, 1, 1e-30, 1), weight);
    weight.dispose();
    const expected = [Math.log(2), Math.log(9), Math.log(1e-30) + 2 * Math.log(1e-20)];
    for (const [m, value] of expected.entries()) expect(logs[m]).toBeCloseTo(value, 4);
    expect(logs[3]).toBe(-Infinity);
  });
});
