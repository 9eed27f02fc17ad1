import { describe, expect, it } from 'vitest';
import {
  backwardSteps,
  boundariesAtOnce,
  isKept,
  type KeptBoundaries,
  layersComputedAgain,
} from '../../../src/engine/streaming/kept-boundaries.ts';

/** Goes forward and backward as the engine does, on the numbers of the boundaries alone; the most that are there at once. */
function walk(kept: KeptBoundaries): { most: number; reached: number[] } {
  const there = new Set([0]);
  let most = 1;
  const add = (boundary: number) => {
    there.add(boundary);
    most = Math.max(most, there.size);
  };
  const need = (boundary: number) => {
    if (!there.has(boundary)) throw new Error(`boundary ${boundary} is not there`);
  };
  for (let layer = 0; layer < kept.layers; layer++) {
    need(layer);
    add(layer + 1);
    if (!isKept(kept, layer)) there.delete(layer);
  }
  const reached: number[] = [];
  for (const { layer, kind } of backwardSteps(kept)) {
    need(layer);
    if (kind === 'forward') {
      add(layer + 1);
      continue;
    }
    need(layer + 1);
    there.delete(layer + 1);
    reached.push(layer);
  }
  return { most, reached };
}

describe('keeping every k-th boundary', () => {
  const cases = [1, 2, 3, 7, 12].flatMap((layers) =>
    Array.from({ length: layers }, (_, k) => ({ layers, keepEvery: k + 1 })),
  );

  it.each(cases)(
    'brings the gradient down all of $layers layers in order, k = $keepEvery',
    ({ layers, keepEvery }) => {
      const { most, reached } = walk({ layers, keepEvery, lowest: 0 });
      expect(reached).toEqual(Array.from({ length: layers }, (_, i) => layers - 1 - i));
      expect(most).toBeLessThanOrEqual(boundariesAtOnce(layers, keepEvery));
    },
  );

  it.each(cases)(
    'stops at the lowest layer that has to be reached ($layers layers, k = $keepEvery)',
    ({ layers, keepEvery }) => {
      for (let lowest = 0; lowest < layers; lowest++) {
        const { reached } = walk({ layers, keepEvery, lowest });
        expect(reached.at(-1)).toBe(lowest);
        expect(reached.length).toBe(layers - lowest);
      }
    },
  );

  it('costs less than one more forward pass and needs far fewer boundaries', () => {
    expect(boundariesAtOnce(32, 1)).toBe(33);
    expect(boundariesAtOnce(32, 6)).toBe(12);
    expect(boundariesAtOnce(80, 9)).toBe(18);
    expect(layersComputedAgain(32, 1)).toBe(0);
    expect(layersComputedAgain(32, 6)).toBe(25);
  });
});
