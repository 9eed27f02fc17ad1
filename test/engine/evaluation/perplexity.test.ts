import { afterAll, describe, expect, it } from 'vitest';
import { sequenceLogits } from '../../../src/engine/evaluation/logits.ts';
import { perplexity, slidingWindows } from '../../../src/engine/evaluation/perplexity.ts';
import { memory } from '../../../src/engine/tensor/ops.ts';
import { temporaryFolder } from '../checkpoint/temporary-folder.ts';
import { describeOnEachBackend } from '../each-backend.ts';
import { openFixture, TOYS } from '../oracle-fixture.ts';
import { nextTokenLosses } from './negative-log-likelihood.ts';

const fixtures = await Promise.all(TOYS.map(async (name) => ({ name, fixture: await openFixture(name) })));
afterAll(() => Promise.all(fixtures.map(({ fixture }) => fixture.close())));
const [{ fixture: toyLlama }] = fixtures;

/** [begin, end, first scored] of each window, by position. */
const windowsOf = (length: number, window: number, stride: number) =>
  slidingWindows(
    Int32Array.from({ length }, (_, i) => i),
    window,
    stride,
  ).map(({ inputIds, scored }) => {
    const begin = inputIds[0];
    return [begin, begin + inputIds.length, begin + inputIds.length - scored];
  });

describe('slidingWindows', () => {
  it('scores the first window from its second token on, later ones where the one before ended', () => {
    expect(windowsOf(20, 8, 4)).toEqual([
      [0, 8, 1],
      [4, 12, 8],
      [8, 16, 12],
      [12, 20, 16],
    ]);
  });

  it('ends with a window that may be shorter', () => {
    expect(windowsOf(17, 8, 4)).toEqual([
      [0, 8, 1],
      [4, 12, 8],
      [8, 16, 12],
      [12, 17, 16],
    ]);
    expect(windowsOf(10, 8, 3)).toEqual([
      [0, 8, 1],
      [3, 10, 8],
    ]);
  });

  it('scores all but one token a window where stride = window', () => {
    expect(windowsOf(20, 8, 8)).toEqual([
      [0, 8, 1],
      [8, 16, 9],
      [16, 20, 17],
    ]);
  });

  it('has no window for a token that stands alone', () => {
    expect(windowsOf(17, 8, 8)).toEqual([
      [0, 8, 1],
      [8, 16, 9],
    ]);
  });

  it('takes a text that is shorter than the window whole', () => {
    expect(windowsOf(5, 8, 4)).toEqual([[0, 5, 1]]);
    expect(windowsOf(8, 8, 4)).toEqual([[0, 8, 1]]);
  });

  it('has no window for fewer than 2 tokens', () => {
    expect(windowsOf(1, 8, 4)).toEqual([]);
    expect(windowsOf(0, 8, 4)).toEqual([]);
  });

  it('scores every token after the first exactly once when windows overlap', () => {
    for (const [length, window, stride] of [
      [100, 10, 1],
      [100, 10, 9],
      [57, 16, 5],
      [1000, 64, 63],
    ]) {
      const scored = windowsOf(length, window, stride).flatMap(([, end, first]) =>
        Array.from({ length: end - first }, (_, i) => first + i),
      );
      expect(scored).toEqual(Array.from({ length: length - 1 }, (_, i) => i + 1));
    }
  });
});

const scratch = temporaryFolder();
const options = (packTokens: number) => ({
  scratchDir: scratch,
  plan: { packTokens, activationMemoryBytes: 2 ** 20 },
  onProgress: () => {},
});

describeOnEachBackend(
  'perplexity',
  () => {
    it.each(fixtures)(
      '$name: is exp of the mean loss that follows from PyTorch’s logits',
      async ({ fixture }) => {
        const windows = fixture.domain.map((inputIds) => ({ inputIds, scored: inputIds.length - 1 }));
        const losses: number[] = [];
        for (const [j, sample] of fixture.domain.entries()) {
          losses.push(...nextTokenLosses(await fixture.expected(`sample.${j}.logits`), sample));
        }
        const mean = losses.reduce((total, loss) => total + loss, 0) / losses.length;
        const before = memory().numTensors;
        const result = await perplexity(fixture.checkpoint, windows, options(40));
        expect(memory().numTensors).toBe(before);
        expect(result).toMatchObject({ scoredTokens: losses.length, windows: 5 });
        expect(result.meanNll / mean).toBeCloseTo(1, 5);
        expect(result.perplexity).toBeCloseTo(Math.exp(result.meanNll), 9);
      },
    );

    it.each([
      { window: 16, stride: 5 },
      { window: 16, stride: 16 },
      { window: 64, stride: 32 },
    ])('counts the last tokens of overlapping windows: $window, $stride', async ({ window, stride }) => {
      const text = Int32Array.from(toyLlama.domain.flatMap((sample) => [...sample])); // 85 tokens
      const windows = slidingWindows(text, window, stride);
      const losses: number[] = [];
      for (const { inputIds, scored } of windows) {
        const all = nextTokenLosses(await sequenceLogits(toyLlama.checkpoint, inputIds), inputIds);
        losses.push(...all.slice(all.length - scored));
      }
      const result = await perplexity(toyLlama.checkpoint, windows, options(50));
      expect(result.scoredTokens).toBe(losses.length);
      const mean = losses.reduce((total, loss) => total + loss, 0) / losses.length;
      expect(result.meanNll / mean).toBeCloseTo(1, 5);
    });
  },
  { isLong: true },
);
