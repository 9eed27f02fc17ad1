import { describe, expect, it } from 'vitest';
import { inOrder, tokenBatches } from '../../../../scripts/demo/training/token-batches.ts';
import { seededRandom } from '../../../../src/engine/calibration/random.ts';

const count = (from: number, length: number) => Int32Array.from({ length }, (_, i) => from + i);
const domains = [
  { tokens: count(0, 40), sequencesABatch: 2 },
  { tokens: count(1000, 40), sequencesABatch: 1 },
];

describe('tokenBatches', () => {
  it('takes each domain’s share of sequences, with the next token as the target', () => {
    const batches = tokenBatches(domains, 5, seededRandom(1, 'test'));
    for (let step = 0; step < 20; step++) {
      const { inputIds, targets } = batches.next().value as { inputIds: Int32Array; targets: Int32Array };
      expect(inputIds.length).toBe(15);
      expect([...targets]).toEqual([...inputIds].map((id) => id + 1));
      expect([...inputIds].map((id) => id >= 1000)).toEqual([...Array(15).keys()].map((i) => i >= 10));
    }
  });

  it('is the same for the same seed', () => {
    const [one, two] = [1, 1].map((seed) => tokenBatches(domains, 5, seededRandom(seed, 'test')));
    for (let step = 0; step < 10; step++) expect(one.next().value).toEqual(two.next().value);
  });
});

it('inOrder takes sequences from the start, side by side', () => {
  const { inputIds, targets } = inOrder(count(0, 20), 4, 2);
  expect([...inputIds]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...targets]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
