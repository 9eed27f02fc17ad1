import type { RopeScaling } from './rope-scaling.ts';
import type { TensorNames } from './tensor-names.ts';

/** A rotary position embedding. */
export interface Rope {
  readonly theta: number;
  readonly scaling: RopeScaling | null;
}

/** What a decoder layer's attention sees, and how it knows where it is. */
export interface AttentionKind {
  /** null: queries and keys are not rotated. */
  readonly rope: Rope | null;
  /** Keys further back than this are not attended to; null for full causal attention. */
  readonly slidingWindow: number | null;
}

/** `rms`: root-mean-square norm by `offset` + weight; `layer`: layer norm with a bias. */
export type NormConfig =
  | { readonly kind: 'rms'; readonly eps: number; readonly offset: 0 | 1 }
  | { readonly kind: 'layer'; readonly eps: number };

/**
 * What config.json says of a model, in Hugging Face's terms, and what its family adds to it: all that the engine knows
 * of a decoder. Which norms and linear layers a decoder layer has is said by their `names`.
 */
export interface ModelConfig {
  readonly modelType: string;
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly numHiddenLayers: number;
  readonly numAttentionHeads: number;
  readonly numKeyValueHeads: number;
  readonly headDim: number;
  /** So many of a head's dimensions, the first ones, are rotated. */
  readonly rotaryDim: number;
  readonly maxPositionEmbeddings: number;
  readonly tieWordEmbeddings: boolean;
  readonly norm: NormConfig;
  /** What the embeddings are multiplied by. */
  readonly embeddingScale: number;
  /** What the products of queries and keys are multiplied by. */
  readonly attentionScale: number;
  /** Scores s become c·tanh(s/c); null: they stay. */
  readonly attentionSoftcap: number | null;
  /** A head's scores fall linearly with the distance (ALiBi). */
  readonly alibi: boolean;
  /** The rows of a joined q, k and v projection: all heads' queries, then keys, then values; or each head's three together. */
  readonly qkvRows: 'parted' | 'by-head';
  /** The kinds of attention that occur, and which of them each decoder layer has. */
  readonly attentionKinds: readonly AttentionKind[];
  readonly kindOfLayer: readonly number[];
  readonly activation: 'silu' | 'gelu-tanh';
  /** Whether the activation of one projection multiplies another one, or there is just one. */
  readonly gatedMlp: boolean;
  /** Logits z become c·tanh(z/c); null: they stay. */
  readonly logitSoftcap: number | null;
  readonly names: TensorNames;
}

/** The kinds that occur among the layers' own, each once. */
export function attentionOf(
  layers: readonly AttentionKind[],
): Pick<ModelConfig, 'attentionKinds' | 'kindOfLayer'> {
  const attentionKinds: AttentionKind[] = [];
  const kindOfLayer = layers.map((kind) => {
    const known = attentionKinds.findIndex((other) => JSON.stringify(other) === JSON.stringify(kind));
    return known === -1 ? attentionKinds.push(kind) - 1 : known;
  });
  return { attentionKinds, kindOfLayer };
}
