import type { ModelConfig } from '../checkpoint/config.ts';

/** What a run may use at a time. It depends on the model alone, so that a resumed run computes the same bytes. */
export interface Plan {
  /** Tokens of a micro-batch. */
  readonly packTokens: number;
  /** Boundary activations kept in memory; the rest goes to the scratch file. */
  readonly activationMemoryBytes: number;
}

/** Activations of one micro-batch in one decoder layer should stay near so many bytes: more of them stay in the caches. */
const MICRO_BATCH_BYTES = 96 * 2 ** 20;
const ACTIVATION_MEMORY_BYTES = 192 * 2 ** 20;

export function planOf(config: ModelConfig): Plan {
  // A token's float32 values that are alive at the peak of the backward pass: the gated MLP's (gate, up, their
  // gradients, hidden and its gradient, and two temporaries) and the attention's (q, k, v, output, gradients, residuals).
  const bytesPerToken = 4 * (10 * config.intermediateSize + 12 * config.hiddenSize);
  const tokens = Math.floor(MICRO_BATCH_BYTES / bytesPerToken / 256) * 256;
  return {
    packTokens: Math.min(4096, Math.max(512, tokens)),
    activationMemoryBytes: ACTIVATION_MEMORY_BYTES,
  };
}
