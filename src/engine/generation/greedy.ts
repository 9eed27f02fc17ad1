import type { HeadWeights } from '../model/cross-entropy.ts';
import { headLogits } from '../model/cross-entropy.ts';
import type { Tensor2D } from '../tensor/ops.ts';
import { takeFloats } from '../tensor/read.ts';

/** The most likely next token of each row of the last layer's output, [N, hiddenSize]; of equal ones the lowest id. */
export function greedyTokens(head: HeadWeights, hidden: Tensor2D): number[] {
  const [rows] = hidden.shape;
  const logits = takeFloats(headLogits(head, hidden)); // [N, vocabSize]
  const width = logits.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    indexOfLargest(logits.subarray(row * width, (row + 1) * width)),
  );
}

/** As torch.argmax has it: the first of the largest values, or the first that is not a number. */
export function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] > values[best]) best = i;
    else if (Number.isNaN(values[i])) return i;
  }
  return best;
}
