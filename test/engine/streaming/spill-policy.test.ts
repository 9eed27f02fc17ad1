import { describe, expect, it } from 'vitest';
import { backwardPolicy, forwardPolicy } from '../../../src/engine/streaming/spill-policy.ts';
import { tinyConfig } from '../model/tiny-config.ts';

const GIB = 2 ** 30;
const sevenB = tinyConfig({ hiddenSize: 4096, intermediateSize: 11008, numHiddenLayers: 32 });

describe('what is kept between layers', () => {
  it('stays float32 as long as all of it is small, whatever the disk has', () => {
    const small = backwardPolicy(sevenB, 8192, 100 * GIB);
    expect(small).toEqual({ format: 'float32', keepEvery: 1, bytes: 33 * 8192 * 4096 * 4 });
    expect(backwardPolicy(sevenB, 8192, 2 * GIB)).toMatchObject({ format: 'float32', keepEvery: 3 });
    expect(forwardPolicy(sevenB, 128 * 2048)).toMatchObject({ format: 'float32', bytes: 4 * GIB });
  });

  it('is halved by bfloat16 where it is large, and thinned out where the disk is short', () => {
    const tokens = 1000 * 512;
    const all = 33 * tokens * 4096 * 2;
    expect(backwardPolicy(sevenB, tokens, 200 * GIB)).toEqual({
      format: 'bfloat16',
      keepEvery: 1,
      bytes: all,
    });
    const thin = backwardPolicy(sevenB, tokens, 60 * GIB);
    expect(thin.format).toBe('bfloat16');
    expect(thin.bytes).toBeLessThan(0.9 * 60 * GIB);
    expect(thin.keepEvery).toBeGreaterThan(1);
    expect(forwardPolicy(sevenB, 5 * tokens).format).toBe('bfloat16');
  });

  it('is as little as can be where even that is too much', () => {
    const { keepEvery, bytes } = backwardPolicy(sevenB, 512_000, GIB);
    expect(bytes).toBeGreaterThan(GIB);
    expect(keepEvery).toBeGreaterThanOrEqual(4);
    expect(keepEvery).toBeLessThanOrEqual(8);
  });
});
