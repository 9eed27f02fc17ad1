import { describe, expect, it } from 'vitest';
import { spillsOf } from '../../../src/engine/run/spills.ts';
import { tinyConfig } from '../model/tiny-config.ts';

const GIB = 2 ** 30;
const layers = 32;
const sevenB = tinyConfig({ hiddenSize: 4096, intermediateSize: 11008, numHiddenLayers: layers });
const tokens = { open: 6144, domain: 2048 };
const boundary = (part: number) => part * 4096 * 4;

describe('what a run keeps of its texts', () => {
  it('is one boundary of the open text, and then all of the domain’s, where they are read one after the other', () => {
    const { open, domain, bytes } = spillsOf(sevenB, { mixed: false }, tokens, 100 * GIB);
    expect(open.bytes).toBe(boundary(tokens.open));
    expect(domain.bytes).toBe((layers + 1) * boundary(tokens.domain));
    expect(bytes).toBe(domain.bytes);
  });

  it('is all boundaries of both, where they go up through the layers together', () => {
    const { open, domain, bytes } = spillsOf(sevenB, { mixed: true }, tokens, 100 * GIB);
    expect(open).toMatchObject({ keepEvery: 1, bytes: (layers + 1) * boundary(tokens.open) });
    expect(bytes).toBe(open.bytes + domain.bytes);
  });

  it('is thinned out for both alike where the disk is short', () => {
    const { open, domain, bytes } = spillsOf(sevenB, { mixed: true }, tokens, 2 * GIB);
    expect(bytes).toBeLessThan(2 * GIB);
    expect(open.keepEvery).toBeGreaterThan(1);
    expect(domain.keepEvery).toBe(open.keepEvery);
  });
});
