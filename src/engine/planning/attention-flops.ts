import type { ModelConfig } from '../checkpoint/config.ts';

/**
 * Operations of attention's own products for one token in one layer: half of the square of queries and keys is computed, by two
 * products.
 * @param passes of the forward pass's work; forward and backward are 3
 */
export const attentionFlops = (
  { numAttentionHeads, headDim }: ModelConfig,
  sampleLength: number,
  passes: number,
): number => 2 * passes * sampleLength * numAttentionHeads * headDim;
