import { describe, expect, it } from 'vitest';
import { openBackend } from '../../../src/engine/tensor/backend.ts';
import { measureMatMulRate } from '../../../src/engine/tensor/matmul-rate.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';

describe('measureMatMulRate', () => {
  it('gives a rate and leaves no tensor behind', async () => {
    await openBackend('wasm');
    const before = memory().numTensors;
    expect(measureMatMulRate()).toBeGreaterThan(0.01);
    expect(memory().numTensors).toBe(before);
  });
});
