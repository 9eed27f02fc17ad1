import { expect, it } from 'vitest';
import { addEmbeddingGradient } from '../../../../scripts/demo/training/embedding-gradient.ts';

it('addEmbeddingGradient adds up the positions of each token and leaves other rows alone', () => {
  const table = Float32Array.of(1, 1, 0, 0, 0, 0);
  addEmbeddingGradient(table, Int32Array.of(2, 0, 2), Float32Array.of(1, 2, 10, 20, 3, 4));
  expect([...table]).toEqual([11, 21, 0, 0, 4, 6]);
});
