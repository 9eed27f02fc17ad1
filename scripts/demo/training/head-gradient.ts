import { type HeadWeights, headLogits } from '../../../src/engine/model/cross-entropy.ts';
import { normForward } from '../../../src/engine/model/norm.ts';
import {
  matMul,
  mul,
  neg,
  reshape,
  softmax,
  type Tensor2D,
  tensor1d,
  tidy,
} from '../../../src/engine/tensor/ops.ts';
import { takeFloats } from '../../../src/engine/tensor/read.ts';
import { addEmbeddingGradient } from './embedding-gradient.ts';

/**
 * Gradient of Σ tokenWeights · crossEntropy at the language-model head's weight. With P = softmax(logits) and h the
 * normed hidden state it is Σ_n tokenWeight_n (P_n − onehot(target_n)) h_nᵀ: a product, and a row added at each target.
 * @param hidden the last decoder layer's output, [N, hiddenSize]
 * @returns [vocabSize, hiddenSize], row-major
 */
export function headGradient(
  head: HeadWeights,
  hidden: Tensor2D,
  targets: Int32Array,
  tokenWeights: Float32Array,
): Float32Array<ArrayBuffer> {
  const [expected, atTargets] = tidy(() => {
    const normalized = normForward(hidden, head.norm);
    const weighted = mul(normalized, reshape(tensor1d(tokenWeights), [-1, 1])) as Tensor2D;
    const probabilities = softmax(headLogits(head, hidden)); // [N, vocabSize]
    return [matMul(probabilities, weighted, true, false), neg(weighted)];
  });
  const gradient = takeFloats(expected);
  addEmbeddingGradient(gradient, targets, takeFloats(atTargets));
  return gradient;
}
