import { MODULES } from '../../contract/result.ts';

/** The prunable linear layers that a decoder layer may have, in the order in which they act. */
export const LINEARS = MODULES;
export type Linear = (typeof LINEARS)[number];

/**
 * The norms that a decoder layer may have: of its input, of each head's queries and keys, of what attention adds to the
 * residual stream, of the feed-forward part's input, and of what that adds.
 */
export const LAYER_NORMS = [
  'inputNorm',
  'queryNorm',
  'keyNorm',
  'attentionOutputNorm',
  'mlpInputNorm',
  'mlpOutputNorm',
] as const;
export type LayerNorm = (typeof LAYER_NORMS)[number];

/** What a family's tensors are called; what has no name is not there. */
export interface TensorNames {
  /** What the decoder's names begin with, unless it was saved without its head. */
  readonly base: string;
  readonly embedding: string;
  readonly embeddingNorm: string | null;
  readonly layers: string;
  readonly norms: Readonly<Partial<Record<LayerNorm, string>>>;
  readonly linears: Readonly<Partial<Record<Linear, string>>>;
  /** The linear layers that carry a bias. */
  readonly biased: readonly Linear[];
  readonly finalNorm: string;
}
