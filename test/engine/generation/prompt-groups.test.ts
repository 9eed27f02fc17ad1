import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts';
import { groupPrompts } from '../../../src/engine/generation/prompt-groups.ts';
import { FIXTURES } from '../oracle-fixture.ts';

const checkpoint = await openCheckpoint(join(FIXTURES, 'toy-llama'));
const { config } = checkpoint;
await checkpoint.close();
const bytesPerToken = 8 * config.numHiddenLayers * config.numKeyValueHeads * config.headDim;
const prompts = (...lengths: number[]) => lengths.map((length) => new Int32Array(length));
const indices = (...question: Parameters<typeof groupPrompts>) =>
  groupPrompts(...question).map((group) => group.map(({ index }) => index));

describe('prompts that are continued together', () => {
  it('find room for their keys and values', () => {
    // With 2 new tokens each: 6, 6, 12 and 3.
    expect(indices(config, prompts(4, 4, 10, 1), 2, 12 * bytesPerToken)).toEqual([[0, 1], [2], [3]]);
  });

  it('are one at a time where there is room for none', () => {
    expect(indices(config, prompts(4, 4), 2, 0)).toEqual([[0], [1]]);
  });

  it('are 128 at most', () => {
    const groups = groupPrompts(config, prompts(...Array(300).fill(1)), 1);
    expect(groups.map(({ length }) => length)).toEqual([128, 128, 44]);
  });
});
